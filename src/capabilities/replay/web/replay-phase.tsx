import { IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LiveSquare, StatusWord } from '../../../web/parts/status.tsx';
import type { ReplayProgress } from './progress-of.ts';

const phases = ['choosing', 'asking', 'starting', 'paused', 'waiting'] as const;

/** What a replay is doing, in a few words. */
export function ReplayPhase({ progress }: { progress: ReplayProgress | undefined }) {
  const { t } = useTranslation('replay');
  const phase = phases.find((each) => each === progress?.phase) ?? 'choosing';
  const still = phase === 'paused' || phase === 'asking';
  return (
    <p role="status">
      <StatusWord
        tone={still ? 'idle' : 'live'}
        icon={still ? <IconPlayerPause size={14} stroke={2.1} aria-hidden="true" /> : <LiveSquare />}
      >
        {t(`phase.${phase}`, { message: progress?.message ?? '' })}
      </StatusWord>
    </p>
  );
}
