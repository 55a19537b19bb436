import { useTranslation } from 'react-i18next';
import type { PlanState } from '../../schema.ts';
import { Fold } from '../review/fold.tsx';
import { PlanCompare } from '../review/plan-compare.tsx';
import { draftOf } from '../review/plan-draft.ts';
import { PlanEditor } from '../review/plan-editor.tsx';
import { PlanGraph } from '../review/plan-graph.tsx';
import { PlanHistory } from '../review/plan-history.tsx';
import { useCompared } from '../review/use-compared.ts';
import classes from './work.module.css';

/** The plan as it stands, what differs from the version before, and how it came to be. */
export function AgreedPlan({ plan }: { plan: PlanState }) {
  const { t } = useTranslation(['codingWork', 'codingReview']);
  const { iterations } = plan;
  const last = iterations.at(-1);
  const steps = last?.steps ?? [];
  const compared = useCompared(plan, steps, false);
  if (!last) return null;
  return (
    <div className={classes.agreedBody}>
      <PlanEditor steps={steps} plan={plan} changes={compared.changes} act={undefined} />
      <PlanCompare compared={compared} draft={draftOf(last)} proposed={last} act={undefined} />
      {steps.some(({ dependsOn }) => dependsOn.length > 0) && (
        <Fold title={t('codingWork:agreed.graph')}>
          <PlanGraph steps={steps} />
        </Fold>
      )}
      {iterations.length > 1 && (
        <Fold title={t('codingReview:versions', { count: iterations.length })}>
          <PlanHistory iterations={iterations} />
        </Fold>
      )}
    </div>
  );
}
