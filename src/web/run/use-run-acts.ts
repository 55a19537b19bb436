import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconGitFork, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
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
  open(dialog: Dialog | undefined): void;
  retry(): void;
  prioritise(priority: Priority): void;
}

/** What can be done with the run: for its buttons, its keys and the palette alike. */
export function useRunActs(run: RunSummary, may: boolean): RunActs {
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
  const over = isTerminal(run.status);
  const { mutate: retry } = retried;
  const commands = useMemo((): readonly Command[] => {
    if (!may) return [];
    const here = { group: 'here', object: run.title.slice(0, 80) } as const;
    const fork: Command = {
      ...here,
      id: 'run-fork',
      label: t('act.fork'),
      icon: IconGitFork,
      run: () => open('fork'),
    };
    return over
      ? [{ ...here, id: 'run-retry', label: t('act.retry'), icon: IconRefresh, run: () => retry() }, fork]
      : [
          {
            ...{ ...here, id: 'run-cancel', label: t('act.cancel'), icon: IconPlayerStop, keys: 'Shift+C' },
            run: () => open('cancel'),
          },
          fork,
        ];
  }, [may, over, run.title, retry, t]);
  useCommands(commands);
  return { opened, open, retrying: retried.isPending, retry: () => retry(), prioritise: prioritised.mutate };
}
