import { ActionIcon, Tooltip } from '@mantine/core';
import { IconGitFork } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../../web/api/me.ts';
import { ForkDialog } from '../../../../web/run/fork-dialog.tsx';

interface ForkButtonProps {
  readonly runId: string;
  /** The recorded step that is done again first. */
  readonly from: number;
  readonly label: string;
}

/** Starts a run that takes over what came before, and does this again. */
export function ForkButton({ runId, from, label }: ForkButtonProps) {
  const { t } = useTranslation(['codingWork', 'run']);
  const may = useMay('member');
  const [forking, setForking] = useState(false);
  return (
    <>
      <Tooltip label={may ? t('codingWork:step.fork') : t('run:act.viewer')}>
        <ActionIcon
          variant="subtle"
          size={28}
          aria-label={label}
          aria-disabled={!may}
          data-disabled={!may || undefined}
          onClick={() => may && setForking(true)}
        >
          <IconGitFork size={14} stroke={1.75} aria-hidden="true" />
        </ActionIcon>
      </Tooltip>
      {forking && <ForkDialog runId={runId} from={from} onClose={() => setForking(false)} />}
    </>
  );
}
