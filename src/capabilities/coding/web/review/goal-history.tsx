import { useTranslation } from 'react-i18next';
import type { GoalIteration } from '../../schema.ts';
import { goalChange } from './goal-changes.ts';
import { VersionList } from './version-list.tsx';

/** The versions of the goal: what was asked for, and what became different. */
export function GoalHistory({ iterations }: { iterations: readonly GoalIteration[] }) {
  const { t } = useTranslation('codingReview');
  const versions = iterations.map(({ iteration, feedback, spec }, index) => {
    const before = iterations[index - 1]?.spec;
    return { number: iteration, feedback, words: before && spec ? wordsOf(goalChange(before, spec)) : [] };
  });

  function wordsOf({ fresh, gone, summary }: ReturnType<typeof goalChange>): string[] {
    const words = [
      ...(fresh > 0 ? [t('goal.added', { count: fresh })] : []),
      ...(gone > 0 ? [t('goal.dropped', { count: gone })] : []),
      ...(summary ? [t('goal.rewritten')] : []),
    ];
    return words.length > 0 ? words : [t('goal.same')];
  }

  return <VersionList versions={versions} />;
}
