import { Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../contract/run.ts';
import { ReplayPanel } from './replay-panel.tsx';
import { newKey, post } from '../../../web/api/client.ts';
import { ReplayForm, type ReplayWishes } from './replay-form.tsx';
import { ReplayPlan } from './replay-plan.tsx';

interface ReplayDialogProps {
  readonly filter: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

/** Starts runs again in three steps: which, exactly these, and how far it is. */
export default function ReplayDialog({ filter, onClose }: ReplayDialogProps) {
  const { t } = useTranslation('replay');
  const [wishes, setWishes] = useState<ReplayWishes>({ status: ['failed', 'dead'], ratePerMinute: 60 });
  const body = (more: object) => ({
    filter: { ...filter, ...('ids' in filter ? {} : { status: wishes.status }) },
    ratePerMinute: wishes.ratePerMinute,
    ...more,
  });
  const find = useMutation({ mutationFn: () => post<Run>('/replays', body({ dryRun: true })) });
  const [key] = useState(newKey);
  const start = useMutation({
    mutationFn: (expected: number) =>
      post<Run>('/replays', body({ expected }), { idempotencyKey: `${key}-${expected}` }),
  });
  return (
    <Modal opened onClose={onClose} title={t('dialog.title')} size={640}>
      {start.data ? (
        <ReplayPanel runId={start.data.id} />
      ) : find.data ? (
        <ReplayPlan
          run={find.data}
          ratePerMinute={wishes.ratePerMinute}
          busy={start.isPending}
          error={start.error}
          onChange={find.reset}
          onStart={(expected) => start.mutate(expected)}
        />
      ) : (
        <ReplayForm
          wishes={wishes}
          isNamed={'ids' in filter}
          onChange={setWishes}
          busy={find.isPending}
          error={find.error}
          onFind={() => find.mutate()}
        />
      )}
    </Modal>
  );
}
