import { useTranslation } from 'react-i18next';
import { inertLines } from '../../../../base/inert.ts';
import classes from './review.module.css';

interface Version {
  readonly number: number;
  /** What was asked for that led to it. */
  readonly feedback: string | null;
  /** Whose it is. */
  readonly by?: string;
  /** What became different. */
  readonly words: readonly string[];
}

/** Versions of what is agreed on, the first one first. */
export function VersionList({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation('codingReview');
  return (
    <ol className={classes.versions}>
      {versions.map(({ number, feedback, by, words }) => (
        <li key={number}>
          <p>
            <strong>{t('version', { number })}</strong>
            <span className={classes.dim}>
              {[by, words.length > 0 ? words.join(', ') : t('asFirst')].filter(Boolean).join(' · ')}
            </span>
          </p>
          {feedback !== null && feedback.trim() !== '' && (
            <>
              <p className={classes.dim}>{t('asked')}</p>
              <blockquote dir="auto">{inertLines(feedback)}</blockquote>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
