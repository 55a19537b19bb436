import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { remove } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { toast } from '../parts/toast.ts';

/** Asks before a run is deleted for good. */
export function DiscardDialog({ run, onClose }: { run: RunSummary; onClose: () => void }) {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t('discard.title')}
      text={t('discard.text')}
      action={t('discard.action')}
      keep={t('discard.keep')}
      onConfirm={async () => {
        await remove(`/runs/${run.id}`);
        toast(t('act.deleted'));
        await navigate({ to: '/runs' });
      }}
    />
  );
}
