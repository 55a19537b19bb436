import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Document } from '../../../../contract/document.ts';
import { patch, post, remove } from '../../../../web/api/client.ts';
import { Ago } from '../../../../web/parts/ago.tsx';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { toastWithUndo } from '../../../../web/parts/toast.ts';
import classes from './scripts.module.css';

interface ScriptListProps {
  readonly scripts: readonly Document[];
  readonly empty: string;
  onOpened(): void;
  onVersions(script: Document): void;
  readonly onMore: (() => void) | undefined;
}

/** Saved scripts with what can be done to each. A deleted one can be brought back. */
export function ScriptList({ scripts, empty, onOpened, onVersions, onMore }: ScriptListProps) {
  const { t } = useTranslation('playground');
  const act = useActs();
  if (scripts.length === 0) return <p className={classes.hint}>{empty}</p>;
  return (
    <>
      {act.error && <ErrorPanel error={act.error} />}
      <ul className={classes.list} aria-label={t('scripts.title')}>
        {scripts.map((script) => (
          <li key={script.id}>
            <span className={classes.name}>
              {script.deletedAt === null ? (
                <Link to="/playground" search={{ script: script.id }} onClick={onOpened}>
                  <bdi>{script.name}</bdi>
                </Link>
              ) : (
                <bdi>{script.name}</bdi>
              )}
            </span>
            {script.deletedAt === null ? (
              <ScriptMenu script={script} act={act.mutate} onVersions={onVersions} />
            ) : (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => act.mutate({ script, act: 'undelete' })}
              >
                {t('scripts.undelete')}
              </Button>
            )}
            <span className={classes.about}>
              {t('scripts.about', { version: script.version, owner: script.owner.name ?? '–' })}
              {script.shared && `, ${t('scripts.isShared')}`}
              {', '}
              <Ago at={script.updatedAt} />
              {script.note !== '' && ` · ${script.note}`}
            </span>
          </li>
        ))}
      </ul>
      {onMore && (
        <Button size="compact-sm" variant="default" onClick={onMore}>
          {t('scripts.more')}
        </Button>
      )}
    </>
  );
}

interface Act {
  readonly script: Document;
  readonly act: 'delete' | 'undelete' | 'share' | 'keep';
}

function useActs() {
  const client = useQueryClient();
  const { t } = useTranslation('playground');
  const refresh = () => client.invalidateQueries({ queryKey: ['scripts'] });
  return useMutation({
    mutationFn: async ({ script: { id }, act }: Act): Promise<unknown> => {
      if (act === 'delete') return remove(`/scripts/${id}`);
      if (act === 'undelete') return post(`/scripts/${id}/undelete`);
      return patch(`/scripts/${id}`, { shared: act === 'share' });
    },
    onSuccess: (_, { script, act }) => {
      if (act !== 'delete') return;
      const undo = () => void post(`/scripts/${script.id}/undelete`).then(refresh);
      toastWithUndo(t('scripts.gone', { name: script.name }), undo);
    },
    onSettled: refresh,
  });
}

interface ScriptMenuProps {
  readonly script: Document;
  act(act: Act): void;
  onVersions(script: Document): void;
}

function ScriptMenu({ script, act, onVersions }: ScriptMenuProps) {
  const { t } = useTranslation('playground');
  const { name, shared, mayChange } = script;
  return (
    <Menu position="bottom-end" width={220} withinPortal={false}>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" aria-label={t('scripts.menu', { name })}>
          <IconDots size={16} stroke={1.75} aria-hidden="true" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onVersions(script)}>{t('scripts.versions')}</Menu.Item>
        {mayChange && (
          <>
            <Menu.Item onClick={() => act({ script, act: shared ? 'keep' : 'share' })}>
              {t(shared ? 'scripts.unshare' : 'scripts.shareNow')}
            </Menu.Item>
            <Menu.Item color="bad" onClick={() => act({ script, act: 'delete' })}>
              {t('scripts.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
