import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WorkerView } from '../../contract/worker.ts';
import { formatBytes } from '../../base/format-bytes.ts';
import { Ago } from '../parts/ago.tsx';
import classes from './overview.module.css';
import button from './row-button.module.css';
import { WorkerStateWord } from './worker-state.tsx';

interface WorkerRowProps {
  readonly worker: WorkerView;
  readonly onOpen: () => void;
  readonly onDrain: () => void;
  readonly onGoOn: () => void;
}

/** One worker; a lost one says what became of its runs. */
export function WorkerRow({ worker, onOpen, onDrain, onGoOn }: WorkerRowProps) {
  const { t } = useTranslation('system');
  const { name, state, busy, slots, figures, version, seenAt, lost } = worker;
  return (
    <>
      <tr>
        <td>
          <button
            type="button"
            className={button.open}
            onClick={onOpen}
            aria-label={t('workers.details', { name })}
          >
            {name}
          </button>
        </td>
        <td>
          <WorkerStateWord state={state} />
        </td>
        <td data-number>
          {busy} / {slots}
        </td>
        <td data-number>{figures ? formatBytes(figures.rssBytes) : '–'}</td>
        <td data-number>{version ?? '–'}</td>
        <td data-number>
          <Ago at={seenAt} />
        </td>
        <td>
          {state === 'draining' && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={onGoOn}
              aria-label={t('workers.goOnNamed', { name })}
            >
              {t('workers.goOn')}
            </Button>
          )}
          {(state === 'working' || state === 'idle') && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={onDrain}
              aria-label={t('workers.drainNamed', { name })}
            >
              {t('workers.drain')}
            </Button>
          )}
        </td>
      </tr>
      {lost && (
        <tr>
          <td colSpan={7} className={classes.fateCell}>
            {lost.text}
          </td>
        </tr>
      )}
    </>
  );
}
