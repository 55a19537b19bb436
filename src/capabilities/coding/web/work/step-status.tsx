import {
  IconBan,
  IconCheck,
  IconEqual,
  IconMinus,
  IconSquare,
  IconUserQuestion,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveSquare, StatusWord, type StatusTone } from '../../../../web/parts/status.tsx';
import type { WorkStep } from './work-view.ts';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

const looks: Readonly<Record<WorkStep['status'], readonly [StatusTone, ReactNode]>> = {
  open: ['idle', <IconSquare key="i" {...icon} />],
  writing: ['live', <LiveSquare key="i" />],
  verifying: ['live', <LiveSquare key="i" />],
  waiting: ['you', <IconUserQuestion key="i" {...icon} />],
  done: ['ok', <IconCheck key="i" {...icon} />],
  unchanged: ['idle', <IconEqual key="i" {...icon} />],
  skipped: ['idle', <IconMinus key="i" {...icon} />],
  failed: ['bad', <IconX key="i" {...icon} />],
  stopped: ['idle', <IconBan key="i" {...icon} />],
};

/** How far a step is, as icon and word. */
export function StepStatus({ status }: { status: WorkStep['status'] }) {
  const { t } = useTranslation('codingWork');
  const [tone, mark] = looks[status];
  return (
    <StatusWord tone={tone} icon={mark}>
      {t(`status.${status}`)}
    </StatusWord>
  );
}
