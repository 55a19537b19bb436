import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { NotificationState, SentChannel } from '../../contract/notification.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { useTestMessage } from './notification-queries.ts';
import classes from './notifications.module.css';

/** Sends a test message and says what came of it; below, what went wrong with others lately. */
export function ChannelTest({ channel, state }: { channel: SentChannel; state: NotificationState }) {
  const { t } = useTranslation('notify');
  const test = useTestMessage(channel);
  const problems = state.problems.filter((each) => each.channel === channel);
  return (
    <>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {t('test')}
      </Button>
      {test.error && <ErrorPanel error={test.error} />}
      {test.data && (
        <p role="status" className={classes.outcome} data-failed={!test.data.sent || undefined}>
          {test.data.text}
        </p>
      )}
      {problems.map(({ reason, gaveUp, at }) => (
        <p key={at + reason} className={classes.outcome} data-failed>
          {t(gaveUp ? 'problem' : 'problemRetry', { reason })}
        </p>
      ))}
    </>
  );
}
