import { ActionIcon, Menu } from '@mantine/core';
import { IconCode, IconDots, IconGitFork } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepEntry } from '../../contract/run-timeline.ts';
import type { RunSummary } from '../../contract/run.ts';
import { useMay } from '../api/me.ts';
import { ForkDialog } from './fork-dialog.tsx';

interface StepMenuProps {
  readonly run: RunSummary;
  readonly entry: StepEntry;
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  readonly title: string;
}

/** What can be done with a recorded step. */
export function StepMenu({ run, entry, open, setOpen, title }: StepMenuProps) {
  const { t } = useTranslation('run');
  const may = useMay('member');
  const [forking, setForking] = useState(false);
  const { position, state } = entry;
  if (position === null || state === 'waiting') return <span style={{ width: 24 }} />;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            size={24}
            aria-label={t('timeline.actions', { step: title.slice(0, 100) })}
          >
            <IconDots size={14} stroke={1.75} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCode size={14} aria-hidden="true" />} onClick={() => setOpen(!open)}>
            {t(open ? 'timeline.hideOutput' : 'timeline.showOutput')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconGitFork size={14} aria-hidden="true" />}
            disabled={!may}
            title={may ? undefined : t('act.viewer')}
            onClick={() => setForking(true)}
          >
            {t('timeline.forkHere')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {forking && <ForkDialog runId={run.id} from={position} onClose={() => setForking(false)} />}
    </>
  );
}
