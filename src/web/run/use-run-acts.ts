import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  IconGitFork,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Priority, RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { newKey, patch, post } from '../api/client.ts';
import type { Command } from '../commands/command.ts';
import { useCommands } from '../commands/registry.ts';
import { toast } from '../parts/toast.ts';

type Dialog = 'cancel' | 'fork' | 'discard';

export interface RunActs {
  readonly opened: Dialog | undefined;
  readonly retrying: boolean;
  /** Pausing or resuming is on its way to the server. */
  readonly steering: boolean;
  open(dialog: Dialog | undefined): void;
  retry(): void;
  /** Pauses the run, or lets it go on. */
  steer(act: 'pause' | 'resume'): void;
  prioritise(priority: Priority): void;
}

/** What can be done with the run: for its buttons, its keys and the palette alike. */
export function useRunActs(run: RunSummary, paused: boolean, may: boolean): RunActs {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [opened, open] = useState<Dialog>();
  const [key] = useState(newKey);
  const retried = useMutation({
    mutationFn: () => post<RunSummary>(`/runs/${run.id}/retry`, undefined, { idempotencyKey: key }),
    onSuccess: (again) => {
      void queries.invalidateQueries({ queryKey: ['run', run.id, 'relatives'] });
      toast(t('act.retried'));
      void navigate({ to: '/runs/$runId', params: { runId: again.id } });
    },
    onError: (error) => toast(error.message),
  });
  const prioritised = useMutation({
    mutationFn: (priority: Priority) => patch<RunSummary>(`/runs/${run.id}`, { priority }),
    onSuccess: (now) => {
      queries.setQueryData(['run', run.id], now);
      toast(t('act.prioritised', { priority: t(`priority.${now.priority}`) }));
    },
    onError: (error) => toast(error.message),
  });
  const steered = useMutation({
    mutationFn: (act: 'pause' | 'resume') => post<RunSummary>(`/runs/${run.id}/${act}`),
    onSuccess: (now) => queries.setQueryData(['run', run.id], now),
    onError: (error) => toast(error.message),
  });
  const { mutate: retry } = retried;
  const { mutate: steer } = steered;
  useRunCommands(run, { paused, may, open, retry, steer });
  return {
    ...{ opened, open, retrying: retried.isPending, steering: steered.isPending },
    ...{ retry: () => retry(), steer, prioritise: prioritised.mutate },
  };
}

interface CommandParts extends Pick<RunActs, 'open' | 'retry' | 'steer'> {
  readonly paused: boolean;
  readonly may: boolean;
}

function useRunCommands(run: RunSummary, { paused, may, open, retry, steer }: CommandParts): void {
  const { t } = useTranslation('run');
  const over = isTerminal(run.status);
  const commands = useMemo((): readonly Command[] => {
    if (!may) return [];
    const here = { group: 'here', object: run.title.slice(0, 80) } as const;
    const fork = {
      ...here,
      id: 'run-fork',
      label: t('act.fork'),
      icon: IconGitFork,
      run: () => open('fork'),
    };
    if (over)
      return [
        { ...here, id: 'run-retry', label: t('act.retry'), icon: IconRefresh, run: () => retry() },
        fork,
      ];
    const rest: Command = paused
      ? {
          ...{ ...here, id: 'run-resume', label: t('act.resumeRun'), icon: IconPlayerPlay },
          run: () => steer('resume'),
        }
      : {
          ...{ ...here, id: 'run-pause', label: t('act.pauseRun'), icon: IconPlayerPause },
          run: () => steer('pause'),
        };
    const cancel: Command = {
      ...{ ...here, id: 'run-cancel', label: t('act.cancel'), icon: IconPlayerStop, keys: 'Shift+C' },
      run: () => open('cancel'),
    };
    return [rest, cancel, fork];
  }, [may, over, paused, run.title, open, retry, steer, t]);
  useCommands(commands);
}
