import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { shortTime } from '../format/time.ts';
import { useNow } from '../live/clock.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import classes from './sign-in-problem.module.css';

/** Why the sign-in was refused, until when, and what to do. */
export function SignInProblem({ error }: { error: unknown }) {
  const { t } = useTranslation('signIn');
  const [at] = useState(() => Date.now());
  if (!(error instanceof ApiError)) return <ErrorPanel error={error} />;
  const { code, retryAfter = 60 } = error;
  if (code === 'UNAUTHENTICATED') return <Notice title={t('problem.wrong')} text={t('problem.wrongText')} />;
  if (code === 'ACCOUNT_LOCKED') {
    const time = shortTime(new Date(at + retryAfter * 1000).toISOString());
    return <Notice locked title={t('problem.locked', { time })} text={t('problem.lockedText')} />;
  }
  if (code === 'RATE_LIMITED') return <Limited until={at + retryAfter * 1000} />;
  if (code === 'FORBIDDEN')
    return <Notice locked title={t('problem.disabled')} text={t('problem.disabledText')} />;
  if (code === 'SERVER_UNREACHABLE') return <Notice title={t('problem.away')} text={t('problem.awayText')} />;
  return <ErrorPanel error={error} />;
}

function Limited({ until }: { until: number }) {
  const { t } = useTranslation('signIn');
  const count = Math.ceil((until - useNow()) / 1000);
  const text = count > 0 ? t('problem.limitedText', { count }) : t('problem.limitedOver');
  return <Notice locked title={t('problem.limited')} text={text} />;
}

function Notice({ title, text, locked = false }: { title: string; text: string; locked?: boolean }) {
  const Icon = locked ? IconLock : IconAlertTriangle;
  return (
    <div className={classes.notice} role="alert">
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <div>
        <p className={classes.title}>{title}</p>
        {/* A countdown is not read out each second. */}
        <p aria-live="off">{text}</p>
      </div>
    </div>
  );
}
