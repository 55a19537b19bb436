import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WorkerView } from '../../contract/worker.ts';
import { formatBytes } from '../../base/format-bytes.ts';
import { Ago } from '../parts/ago.tsx';
import classes from './overview.module.css';
import drawer from './drawer-facts.module.css';
import { WorkerStateWord } from './worker-state.tsx';

/** All that a worker says of itself. */
export function WorkerDrawer({ worker, onClose }: { worker: WorkerView | null; onClose: () => void }) {
  return (
    <Drawer opened={worker !== null} onClose={onClose} title={worker?.name ?? ''}>
      {worker && <Facts worker={worker} />}
    </Drawer>
  );
}

function Facts({ worker }: { worker: WorkerView }) {
  const { t } = useTranslation('system');
  const { figures, capabilities, offers, lost } = worker;
  return (
    <dl className={drawer.facts}>
      <dt>{t('workers.state')}</dt>
      <dd>
        <WorkerStateWord state={worker.state} />
        {lost && <span className={classes.fate}>{lost.text}</span>}
      </dd>
      <dt>{t('workers.host')}</dt>
      <dd>{worker.host}</dd>
      <dt>{t('workers.process')}</dt>
      <dd>{worker.pid}</dd>
      <dt>{t('workers.version')}</dt>
      <dd>{worker.version ?? '–'}</dd>
      <dt>{t('workers.started')}</dt>
      <dd>
        <Ago at={worker.startedAt} />
      </dd>
      <dt>{t('workers.load')}</dt>
      <dd>
        {figures ? t('workers.loadText', { load: figures.load.toFixed(1), count: figures.cores }) : '–'}
      </dd>
      <dt>{t('workers.machineMemory')}</dt>
      <dd>
        {figures
          ? t('workers.machineMemoryText', {
              free: formatBytes(figures.freeBytes),
              all: formatBytes(figures.memoryBytes),
            })
          : '–'}
      </dd>
      <dt>{t('workers.capabilities')}</dt>
      <dd>{capabilities?.join(', ') ?? t('workers.everything')}</dd>
      <dt>{t('workers.offers')}</dt>
      <dd>
        {offers.length === 0
          ? t('workers.nothing')
          : offers.map(({ name, versions }) => (
              <div key={name}>
                {name} {versions.join(', ')}
              </div>
            ))}
      </dd>
      <dt>{t('workers.id')}</dt>
      <dd className={classes.mono}>{worker.id}</dd>
    </dl>
  );
}
