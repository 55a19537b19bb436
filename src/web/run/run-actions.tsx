import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconGitFork, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import type { Step } from '../../contract/step.ts';
import { useMay } from '../api/me.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { ForkDialog } from './fork-dialog.tsx';
import { MoreItems } from './more-items.tsx';
import { PauseButton } from './pause-button.tsx';
import type { RunMoment } from './run-follower.ts';
import { pausedNow } from './status-words.ts';
import { useRunActs } from './use-run-acts.ts';

interface RunActionsProps {
  readonly run: RunSummary;
  readonly moment: RunMoment;
  readonly steps: readonly Step[] | undefined;
}

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** What can be done with the run now. A viewer sees why nothing can. */
export function RunActions({ run, moment, steps }: RunActionsProps) {
  const { t } = useTranslation(['run', 'parts']);
  const may = useMay('member');
  const paused = pausedNow(run, moment.loaded ? moment.view : undefined) !== null;
  const acts = useRunActs(run, paused, may);
  const why = may ? undefined : t('run:act.viewer');
  const over = isTerminal(run.status);
  const cancelling = moment.view.cancelling !== null;
  return (
    <>
      {!over && <PauseButton acts={acts} paused={paused} why={why} disabled={!may || cancelling} />}
      <Button
        variant="default"
        leftSection={<IconGitFork {...icon} />}
        disabled={!may}
        title={why}
        onClick={() => acts.open('fork')}
      >
        {t('run:act.fork')}
      </Button>
      {over ? (
        <Button
          variant="default"
          leftSection={<IconRefresh {...icon} />}
          disabled={!may}
          title={why}
          loading={acts.retrying}
          onClick={acts.retry}
        >
          {t('run:act.retry')}
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlayerStop {...icon} />}
          disabled={!may || cancelling}
          title={why}
          onClick={() => acts.open('cancel')}
        >
          {t(cancelling ? 'run:act.cancelling' : 'run:act.cancel')}
        </Button>
      )}
      <Menu position="bottom-end" withInitialFocusPlaceholder={false} width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size={32} aria-label={t('parts:moreActions')}>
            <IconDots {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MoreItems run={run} acts={acts} may={may} />
        </Menu.Dropdown>
      </Menu>
      {acts.opened === 'cancel' && (
        <CancelDialog run={run} moment={moment} steps={steps ?? []} onClose={() => acts.open(undefined)} />
      )}
      {acts.opened === 'fork' && <ForkDialog runId={run.id} onClose={() => acts.open(undefined)} />}
      {acts.opened === 'discard' && <DiscardDialog run={run} onClose={() => acts.open(undefined)} />}
    </>
  );
}
