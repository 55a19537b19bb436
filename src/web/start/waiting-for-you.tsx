import { IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ageText } from '../format/duration.ts';
import { exactTime } from '../format/time.ts';
import { useInbox } from '../inbox/inbox-queries.ts';
import { itemWords } from '../inbox/item-words.ts';
import { useNow } from '../live/clock.ts';
import { StatusWord } from '../parts/status.tsx';
import classes from './start-page.module.css';

const shown = 4;

/** The questions that wait for the reader; nothing when there are none. */
export function WaitingForYou() {
  const { t } = useTranslation(['start', 'inbox', 'parts']);
  const { t: words } = useTranslation('inbox');
  const now = useNow();
  const waiting = (useInbox(false).items ?? []).filter(
    ({ kind, resolution }) => kind === 'question' && resolution === null,
  );
  if (waiting.length === 0) return null;
  return (
    <section className={classes.section}>
      <div className={classes.heading}>
        <h2>{t('inbox:waiting')}</h2>
        {waiting.length > shown && <Link to="/inbox">{t('start:allInbox')}</Link>}
      </div>
      <ul className={classes.list}>
        {waiting.slice(0, shown).map((item) => {
          const { headline, detail } = itemWords(item, words);
          return (
            <li key={item.id}>
              <Link to="/inbox/$itemId" params={{ itemId: item.id }} className={classes.row} data-waiting>
                <span className={classes.status}>
                  <StatusWord
                    tone="you"
                    icon={<IconUserQuestion size={14} stroke={2.1} aria-hidden="true" />}
                  >
                    {t('parts:status.waitingYou')}
                  </StatusWord>
                </span>
                <span className={classes.name}>
                  <bdi>{headline}</bdi> <bdi className={classes.detail}>{detail}</bdi>
                </span>
                <time className={classes.when} dateTime={item.lastAt} title={exactTime(item.lastAt)}>
                  {ageText(now - Date.parse(item.lastAt))}
                </time>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
