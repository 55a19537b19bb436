import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import type { PlanStep } from '../../schema.ts';
import { StepGraph } from '../graph/step-graph.tsx';
import { titleOf } from './plan-words.ts';

/** The steps from left to right, each behind what it depends on. */
export function PlanGraph({ steps }: { steps: readonly PlanStep[] }) {
  const { t } = useTranslation('codingReview');
  const items = steps.map((step, index) => ({
    ...{ id: step.id, dependsOn: step.dependsOn, number: index + 1, state: 'idle' as const },
    title: inert(titleOf(step, t)),
    note: `${step.type} · ${t(`plan.size.${step.size}`)}`,
  }));
  return <StepGraph name={t('plan.graphName')} items={items} />;
}
