import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../contract/inbox.ts';
import { ageText } from '../format/duration.ts';
import { exactTime } from '../format/time.ts';
import { useNow } from '../live/clock.ts';
import { itemWords } from './item-words.ts';
import { KindIcon } from './kind-icon.tsx';
import classes from './item-list.module.css';

interface ItemRowProps {
  readonly item: InboxItem;
  readonly picked: boolean;
  readonly archived: boolean;
}

/** One line of the list: what, of which run, since when. */
export function ItemRow({ item, picked, archived }: ItemRowProps) {
  const { t } = useTranslation('inbox');
  const { headline, detail } = itemWords(item, t);
  return (
    <li>
      <Link
        to="/inbox/$itemId"
        params={{ itemId: item.id }}
        search={archived ? { view: 'archived' } : {}}
        className={classes.row}
        data-item={item.id}
        data-picked={picked || undefined}
        aria-current={picked || undefined}
      >
        <KindIcon kind={item.kind} />
        <span className={classes.words}>
          <span className={classes.name} dir="auto">
            {headline}
          </span>
          <span className={classes.detail} dir="auto">
            {detail}
          </span>
        </span>
        <When item={item} />
      </Link>
    </li>
  );
}

function When({ item }: { item: InboxItem }) {
  const { t } = useTranslation('inbox');
  const now = useNow();
  const expires = item.resolution === null && item.until !== null ? Date.parse(item.until) - now : null;
  return (
    <time className={classes.when} dateTime={item.lastAt} title={exactTime(item.lastAt)}>
      {expires !== null && expires > 0
        ? t('expires', { time: ageText(expires) })
        : ageText(now - Date.parse(item.lastAt))}
      {item.count > 1 && <span className={classes.times}>{t('times', { count: item.count })}</span>}
    </time>
  );
}
