import { useTranslation } from 'react-i18next';
import type { QuestionParts } from '../../../../web/capability.ts';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { PlainQuestion } from '../../../../web/parts/plain-question.tsx';
import { QuestionBody } from '../../../../web/parts/question-body.tsx';
import { readPlanState } from '../../read-state.ts';
import type { PlanIteration, PlanState } from '../../schema.ts';
import { Fold } from './fold.tsx';
import { PlanAnswers } from './plan-answers.tsx';
import { PlanCompare } from './plan-compare.tsx';
import { PlanEditor } from './plan-editor.tsx';
import { PlanGraph } from './plan-graph.tsx';
import { PlanHistory } from './plan-history.tsx';
import { planText } from './plan-words.ts';
import classes from './plan.module.css';
import { useCompared } from './use-compared.ts';
import { usePlanDraft } from './use-plan-draft.ts';

/** Whether the work goes on by this plan: it is read, put in order and edited here, and sent with the answer. */
export default function PlanQuestion(parts: QuestionParts) {
  const plan = readPlanState(parts.asked.question.subject?.value);
  const proposed = plan?.iterations.at(-1);
  if (!plan || !proposed || proposed.steps.length === 0) return <PlainQuestion {...parts} />;
  return <PlanReview parts={parts} plan={plan} proposed={proposed} />;
}

interface PlanReviewProps {
  readonly parts: QuestionParts;
  readonly plan: PlanState;
  readonly proposed: PlanIteration;
}

function PlanReview({ parts: { canAnswer, ...parts }, plan, proposed }: PlanReviewProps) {
  const { t } = useTranslation('codingReview');
  const { draft, act, isEdited, drop } = usePlanDraft(parts.asked, proposed);
  const steps = canAnswer ? draft.steps : proposed.steps;
  const compared = useCompared(plan, steps, canAnswer && isEdited);
  const { question } = parts.asked;
  return (
    <>
      <QuestionBody question={{ ...question, facts: [], items: [] }} />
      {!canAnswer && isEdited && (
        <p className={classes.lost} role="status">
          {t('plan.lost')} <CopyButton text={planText(draft.steps)} what={t('plan.copy')} />
        </p>
      )}
      <PlanEditor steps={steps} plan={plan} changes={compared.changes} act={canAnswer ? act : undefined} />
      <PlanCompare compared={compared} draft={draft} proposed={proposed} act={canAnswer ? act : undefined} />
      {steps.some(({ dependsOn }) => dependsOn.length > 0) && (
        <Fold title={t('plan.graph')}>
          <PlanGraph steps={steps} />
        </Fold>
      )}
      {plan.iterations.length > 1 && (
        <Fold title={t('versions', { count: plan.iterations.length })}>
          <PlanHistory iterations={plan.iterations} />
        </Fold>
      )}
      <QuestionBody question={{ ...question, text: '', items: [] }} />
      {canAnswer && <PlanAnswers parts={parts} draft={draft} act={act} isEdited={isEdited} drop={drop} />}
    </>
  );
}
