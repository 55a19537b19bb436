import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { stepTitle } from '../../contract/event-text.ts';
import type { RunSummary } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';
import { post } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { forkable } from './kept-by.ts';
import type { RunMoment } from './run-follower.ts';

interface CancelDialogProps {
  readonly run: RunSummary;
  readonly moment: RunMoment;
  readonly steps: readonly Step[];
  readonly onClose: () => void;
}

/** Asks before a run is cancelled: what stops, what stays, how to get back. */
export function CancelDialog({ run, moment, steps, onClose }: CancelDialogProps) {
  const { t } = useTranslation('run');
  const queries = useQueryClient();
  const open = [...moment.view.timeline.open.values()].map((entry) => stepTitle(entry)).join(', ');
  const kept = forkable(steps).length;
  const text = [
    open === '' ? t('cancel.idle') : t('cancel.running', { step: open.slice(0, 200) }),
    kept === 0 ? t('cancel.staysNone') : t('cancel.stays', { count: kept }),
    steps.some((step) => step.kind === 'child') ? t('cancel.children') : '',
  ].join('');
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t('cancel.title')}
      text={text}
      action={t('cancel.action')}
      keep={t('cancel.keep')}
      onConfirm={async () => {
        await post<RunSummary>(`/runs/${run.id}/cancel`);
        await queries.invalidateQueries({ queryKey: ['run', run.id], exact: true });
      }}
    />
  );
}
