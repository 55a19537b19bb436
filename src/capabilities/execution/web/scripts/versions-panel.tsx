import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Document, DocumentVersion, OpenDocument } from '../../../../contract/document.ts';
import { get, post } from '../../../../web/api/client.ts';
import { Ago } from '../../../../web/parts/ago.tsx';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { draftOf } from '../draft.ts';
import type { Playground } from '../state/use-playground.ts';
import classes from './scripts.module.css';
import { VersionDiff } from './version-diff.tsx';

interface VersionsPanelProps {
  readonly script: Document;
  readonly playground: Playground;
  onBack(): void;
  onOpened(): void;
}

/** Who saved what when; each version can be opened, compared with the newest, and saved anew. */
export function VersionsPanel({ script, playground, onBack, onOpened }: VersionsPanelProps) {
  const { t } = useTranslation('playground');
  const client = useQueryClient();
  const [compared, setCompared] = useState<number>();
  const { data, error } = useQuery({
    queryKey: ['scripts', 'versions', script.id],
    queryFn: ({ signal }) =>
      get<{ items: DocumentVersion[] }>(`/scripts/${script.id}/versions`, { limit: 200 }, signal),
  });
  const latest = data?.items[0]?.version ?? script.version;
  const restore = useMutation({
    mutationFn: (version: number) =>
      post<OpenDocument>(`/scripts/${script.id}/restore`, { version, expectedVersion: latest }),
    onSuccess: ({ content, id, name, shown, version, mayChange }) => {
      const draft = draftOf(content);
      const base = {
        kind: 'script',
        script: { id, name, version: shown, latest: version, mayChange },
      } as const;
      if (draft) playground.dispatch({ type: 'load', draft, base, name });
      void client.invalidateQueries({ queryKey: ['scripts'] });
    },
  });
  return (
    <div>
      <Button variant="subtle" size="compact-sm" onClick={onBack}>
        {t('scripts.back')}
      </Button>
      <h3>
        <bdi>{script.name}</bdi>
      </h3>
      {(error ?? restore.error) && <ErrorPanel error={error ?? restore.error} />}
      <ul className={classes.list} aria-label={t('scripts.versions')}>
        {data?.items.map(({ version, note, savedBy, savedAt }) => (
          <li key={version}>
            <span className={classes.name}>
              <Link to="/playground" search={{ script: script.id, version }} onClick={onOpened}>
                {t('scripts.version', { version })}
              </Link>
            </span>
            {version !== latest && (
              <>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-expanded={compared === version}
                  onClick={() => setCompared(compared === version ? undefined : version)}
                >
                  {t('scripts.compare')}
                </Button>
                {script.mayChange && (
                  <Button size="compact-sm" variant="default" onClick={() => restore.mutate(version)}>
                    {t('scripts.restore')}
                  </Button>
                )}
              </>
            )}
            <span className={classes.about}>
              {savedBy.name ?? '–'}, <Ago at={savedAt} />
              {note !== '' && ` · ${note}`}
            </span>
            {compared === version && <VersionDiff script={script.id} from={version} to={latest} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
