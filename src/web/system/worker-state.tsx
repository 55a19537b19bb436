import { IconClockHour4, IconCoffee, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { WorkerState } from '../../contract/worker.ts';
import { LiveSquare, StatusWord } from '../parts/status.tsx';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** A worker's state: icon and word. */
export function WorkerStateWord({ state }: { state: WorkerState }) {
  const { t } = useTranslation('system');
  const looks = {
    working: { tone: 'live', mark: <LiveSquare /> },
    idle: { tone: 'idle', mark: <IconCoffee {...icon} /> },
    draining: { tone: 'idle', mark: <IconClockHour4 {...icon} /> },
    lost: { tone: 'bad', mark: <IconX {...icon} /> },
  } as const;
  const { tone, mark } = looks[state];
  return (
    <StatusWord tone={tone} icon={mark}>
      {t(`workers.${state}`)}
    </StatusWord>
  );
}
