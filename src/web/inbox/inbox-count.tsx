import { useTranslation } from 'react-i18next';
import { useInboxFeed } from '../live/inbox-feed.ts';
import classes from './inbox-count.module.css';

/** How many things wait for the person, beside the way to the inbox. */
export function InboxCount() {
  const { t } = useTranslation('inbox');
  const waiting = useInboxFeed().waiting ?? 0;
  if (waiting === 0) return null;
  return (
    <span className={classes.count}>
      <span aria-hidden="true">{waiting > 99 ? '99+' : waiting}</span>
      <span className={classes.spoken}>{t('count', { count: waiting })}</span>
    </span>
  );
}
