import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import type { QuestionParts } from '../../../../web/capability.ts';
import { QuestionAnswers } from '../../../../web/parts/question-answers.tsx';
import type { AnswerDraft } from '../../../../web/parts/use-answer.ts';
import { planProblems } from '../../plan/check-plan.ts';
import type { PlanAct, PlanDraft } from './plan-draft.ts';
import classes from './plan.module.css';

interface PlanAnswersProps {
  readonly parts: Omit<QuestionParts, 'canAnswer'>;
  readonly draft: PlanDraft;
  readonly act: (act: PlanAct) => void;
  readonly isEdited: boolean;
  readonly drop: () => void;
}

/** The ways to answer: the plan goes along when it was edited, and can't be approved while it doesn't fit together. */
export function PlanAnswers({ parts, draft, act, isEdited, drop }: PlanAnswersProps) {
  const { t } = useTranslation('codingReview');
  const { steps, comment } = draft;
  const problems = useMemo(() => planProblems({ steps: [...steps] }), [steps]);
  const answer = useMemo<AnswerDraft>(
    () => ({
      comment,
      write: (text) => act({ act: 'comment', text }),
      dataOf: () => (isEdited ? { steps: steps.map((step) => ({ ...step })) } : undefined),
      obstacleOf: ({ tone }) =>
        tone === 'go' && problems[0] !== undefined
          ? t('plan.blocked', { problem: inert(problems[0]) })
          : undefined,
      done: drop,
    }),
    [comment, steps, isEdited, problems, act, drop, t],
  );
  return (
    <>
      {problems.length > 0 && (
        <div className={classes.problems} role="status">
          <p>{t('plan.problems', { count: problems.length })}</p>
          <ul>
            {problems.slice(0, 10).map((problem) => (
              <li key={problem} dir="auto">
                {inert(problem)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <QuestionAnswers {...parts} draft={answer} {...(isEdited && { note: t('plan.edited') })} />
    </>
  );
}
