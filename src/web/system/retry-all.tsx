import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../parts/confirm.tsx';

interface RetryAllProps {
  readonly ids: readonly string[];
  onRetry(ids: readonly string[]): Promise<unknown>;
}

/** Retries all that are shown, after asking. */
export function RetryAll({ ids, onRetry }: RetryAllProps) {
  const { t } = useTranslation('system');
  const [asking, setAsking] = useState(false);
  const count = ids.length;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRefresh size={14} stroke={1.75} aria-hidden="true" />}
        onClick={() => setAsking(true)}
      >
        {t('dead.retryAll')}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('dead.askRetryAll', { count })}
        text={t('dead.askRetryAllText')}
        action={t('dead.retryAllAction', { count })}
        keep={t('dead.keep')}
        tone="ink"
        onConfirm={() => onRetry(ids)}
      />
    </>
  );
}
