import { useTranslation } from 'react-i18next';
import type { GoalState } from '../../schema.ts';
import { Debate } from '../review/debate.tsx';
import { Fold } from '../review/fold.tsx';
import { GoalHistory } from '../review/goal-history.tsx';
import { GoalSpecView } from '../review/goal-spec.tsx';
import classes from './work.module.css';

/** The goal as it stands, the debate of each version, and what changed from one to the next. */
export function AgreedGoal({ goal }: { goal: GoalState }) {
  const { t } = useTranslation(['codingWork', 'codingReview']);
  const { iterations, status } = goal;
  const proposed = iterations.findLast(({ spec }) => spec !== null);
  const debated = iterations.filter(({ rounds }) => rounds.length > 0);
  return (
    <div className={classes.agreedBody}>
      {proposed?.spec ? (
        <GoalSpecView spec={proposed.spec} before={null} />
      ) : (
        debated.length === 0 && <p className={classes.note}>{t('codingWork:agreed.soon')}</p>
      )}
      {debated.map(({ iteration, rounds }) => (
        <Fold
          key={iteration}
          open={status === 'debating' && iteration === iterations.length}
          title={
            iterations.length === 1
              ? t('codingWork:agreed.debate', { count: rounds.length })
              : t('codingWork:agreed.versionDebate', { number: iteration, count: rounds.length })
          }
        >
          <Debate rounds={rounds} />
        </Fold>
      ))}
      {iterations.length > 1 && (
        <Fold
          title={`${t('codingReview:goal.history')}: ${t('codingReview:versions', { count: iterations.length })}`}
        >
          <GoalHistory iterations={iterations} />
        </Fold>
      )}
    </div>
  );
}
