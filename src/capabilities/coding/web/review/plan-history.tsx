import { useTranslation } from 'react-i18next';
import { planDiff } from '../../plan/plan-diff.ts';
import type { PlanIteration } from '../../schema.ts';
import { countsOf } from './plan-words.ts';
import { VersionList } from './version-list.tsx';

/** The versions of the plan: whose each is, what was asked for, and what became different. */
export function PlanHistory({ iterations }: { iterations: readonly PlanIteration[] }) {
  const { t } = useTranslation('codingReview');
  const versions = iterations.map((iteration, index) => {
    const before = iterations[index - 1];
    return {
      ...{ number: iteration.iteration, feedback: iteration.feedback, by: t(`plan.by.${iteration.by}`) },
      words: before ? [countsOf(planDiff(before, iteration), t)] : [],
    };
  });
  return <VersionList versions={versions} />;
}
