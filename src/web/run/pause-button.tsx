import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunActs } from './use-run-acts.ts';

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

interface PauseButtonProps {
  readonly acts: RunActs;
  readonly paused: boolean;
  /** Why it can't be pressed. */
  readonly why: string | undefined;
  readonly disabled: boolean;
}

/** Lets the run rest after its step, or go on. */
export function PauseButton({ acts, paused, why, disabled }: PauseButtonProps) {
  const { t } = useTranslation('run');
  return (
    <Button
      variant="default"
      leftSection={paused ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />}
      disabled={disabled}
      loading={acts.steering}
      title={why ?? (paused ? undefined : t('act.pauseHint'))}
      onClick={() => acts.steer(paused ? 'resume' : 'pause')}
    >
      {t(paused ? 'act.resume' : 'act.pause')}
    </Button>
  );
}
