import { Drawer, SegmentedControl, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../../../contract/document.ts';
import { get } from '../../../../web/api/client.ts';
import { useMay } from '../../../../web/api/me.ts';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import type { Playground } from '../state/use-playground.ts';
import { SaveForm } from './save-form.tsx';
import { ScriptList } from './script-list.tsx';
import classes from './scripts.module.css';
import { VersionsPanel } from './versions-panel.tsx';

interface ScriptsDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly playground: Playground;
}

type Whose = 'mine' | 'shared' | 'deleted';

/** Saving the program, and the programs that were saved: one's own, the team's, and those that can be brought back. */
export function ScriptsDrawer({ opened, onClose, playground }: ScriptsDrawerProps) {
  const { t } = useTranslation('playground');
  const maySave = useMay('member');
  const [versionsOf, setVersionsOf] = useState<Document>();
  return (
    <Drawer opened={opened} onClose={onClose} title={t('scripts.title')} size={480}>
      {versionsOf ? (
        <VersionsPanel
          script={versionsOf}
          playground={playground}
          onBack={() => setVersionsOf(undefined)}
          onOpened={onClose}
        />
      ) : (
        <>
          {maySave ? (
            <SaveForm playground={playground} />
          ) : (
            <p className={classes.hint}>{t('scripts.viewer')}</p>
          )}
          <Browser opened={opened} onOpened={onClose} onVersions={setVersionsOf} />
        </>
      )}
    </Drawer>
  );
}

interface BrowserProps {
  readonly opened: boolean;
  onOpened(): void;
  onVersions(script: Document): void;
}

function Browser({ opened, onOpened, onVersions }: BrowserProps) {
  const { t } = useTranslation('playground');
  const [whose, setWhose] = useState<Whose>('mine');
  const [text, setText] = useState('');
  const query = useInfiniteQuery({
    queryKey: ['scripts', whose, text],
    queryFn: ({ signal, pageParam }) =>
      get<{ items: Document[]; next: string | null }>(
        '/scripts',
        { whose, q: text, cursor: pageParam, limit: 20 },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: opened,
  });
  return (
    <div className={classes.browser}>
      <SegmentedControl
        fullWidth
        aria-label={t('scripts.whose')}
        value={whose}
        data={(['mine', 'shared', 'deleted'] as const).map((value) => ({
          value,
          label: t(`scripts.${value}`),
        }))}
        onChange={setWhose}
      />
      <TextInput
        mt="sm"
        aria-label={t('scripts.find')}
        placeholder={t('scripts.find')}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <ScriptList
          scripts={query.data.pages.flatMap(({ items }) => items)}
          empty={t(text === '' ? `scripts.none.${whose}` : 'scripts.noMatch')}
          onOpened={onOpened}
          onVersions={onVersions}
          onMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        />
      )}
    </div>
  );
}
