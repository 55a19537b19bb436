import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { FollowUpState } from '../../schema.ts';
import { outwardHref } from './outward-href.ts';
import classes from './work.module.css';

const mostAnswers = 50;

/** What happens to the pull request once it is open: what it looks after, and what it has answered. */
export function FollowUpRows({ followUp }: { followUp: FollowUpState }) {
  const { t } = useTranslation('codingWork');
  const { attempts, of, doing, answered, notice } = followUp;
  return (
    <section>
      <h2 className={classes.title}>
        {t('follow.title')}{' '}
        <span className={classes.note}>
          {t(`follow.doing.${doing}`)}, {t('follow.attempts', { attempts, of })}
        </span>
      </h2>
      <div className={classes.follow}>
        {notice !== null && <p dir="auto">{inertLines(notice.slice(0, 2000))}</p>}
        {answered.length > 0 && (
          <>
            <p className={classes.note}>{t('follow.answered', { count: answered.length })}</p>
            <ul>
              {answered.slice(-mostAnswers).map(({ comment, author, url }, index) => {
                const href = outwardHref(url);
                return (
                  <li key={index}>
                    <bdi>{inert(comment.slice(0, 300))}</bdi>{' '}
                    <span className={classes.note}>
                      {t('follow.by', { author: inert(author.slice(0, 60)) })}
                    </span>{' '}
                    {href !== undefined && (
                      <a href={href} target="_blank" rel="noreferrer noopener">
                        {t('follow.open')}
                      </a>
                    )}
                  </li>
                );
              })}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}
