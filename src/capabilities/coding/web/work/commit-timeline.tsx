import { useTranslation } from 'react-i18next';
import type { SessionCommit } from '../../schema.ts';
import { CommitLine } from './commit-line.tsx';
import type { WorkStep } from './work-view.ts';
import classes from './work.module.css';

/** The branch's commits, the earliest first, each with the step that it is of. */
export function CommitTimeline({
  commits,
  steps,
}: {
  commits: readonly SessionCommit[];
  steps: readonly WorkStep[];
}) {
  const { t } = useTranslation('codingWork');
  const placeOf = (id: string | null) => steps.find((step) => step.id === id)?.position;
  return (
    <section>
      <h2 className={classes.title}>
        {t('commits')} <span className={classes.note}>{commits.length}</span>
      </h2>
      <ol className={classes.commits}>
        {commits.map((commit) => {
          const place = placeOf(commit.step);
          return (
            <li key={commit.sha}>
              <span className={classes.of}>
                {place === undefined ? t('ofNoStep') : t('ofStep', { number: place })}
              </span>
              <CommitLine commit={commit} what={t('copyCommit', { sha: commit.sha.slice(0, 7) })} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
