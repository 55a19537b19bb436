import { useTranslation } from 'react-i18next';
import type { QuestionParts } from '../../../../web/capability.ts';
import { PlainQuestion } from '../../../../web/parts/plain-question.tsx';
import { QuestionAnswers } from '../../../../web/parts/question-answers.tsx';
import { QuestionBody } from '../../../../web/parts/question-body.tsx';
import { readGoal } from '../../read-state.ts';
import { inertLines } from '../../../../base/inert.ts';
import { fields, listOf, text } from '../../read-value.ts';
import { Debate, Judgement } from './debate.tsx';
import { Fold } from './fold.tsx';
import { GoalHistory } from './goal-history.tsx';
import { GoalSpecView } from './goal-spec.tsx';

/** What else must be known, such as that an agent came to an early end. */
const readNotices = fields<{ notices: string[] }>({ notices: listOf(text) });

/** Whether this is what the user wants: what agents made of the goal, how they came to it, and what became of earlier versions. */
export default function GoalQuestion({ canAnswer, ...parts }: QuestionParts) {
  const { t } = useTranslation('codingReview');
  const { question } = parts.asked;
  const goal = readGoal(question.subject?.value);
  const proposed = goal?.iterations.findLast(({ spec }) => spec !== null);
  if (!goal || !proposed?.spec) return <PlainQuestion canAnswer={canAnswer} {...parts} />;
  const before = goal.iterations.findLast(
    ({ iteration, spec }) => spec !== null && iteration < proposed.iteration,
  );
  // The rest of the question's text says again what stands here, for who has only the text.
  const notices = readNotices(question.subject?.value)?.notices ?? [];
  const last = proposed.rounds.at(-1);
  return (
    <>
      {notices.map((notice, index) => (
        <p key={index} dir="auto">
          {inertLines(notice)}
        </p>
      ))}
      {last?.judgement && last.judgement.verdict !== 'ready' && <Judgement judgement={last.judgement} />}
      <GoalSpecView spec={proposed.spec} before={before?.spec ?? null} />
      {proposed.rounds.length > 0 && (
        <Fold title={t('goal.debate', { count: proposed.rounds.length })}>
          <Debate rounds={proposed.rounds} />
        </Fold>
      )}
      {goal.iterations.length > 1 && (
        <Fold title={`${t('goal.history')}: ${t('versions', { count: goal.iterations.length })}`}>
          <GoalHistory iterations={goal.iterations} />
        </Fold>
      )}
      <QuestionBody question={{ ...question, text: '', items: [] }} />
      {canAnswer && <QuestionAnswers {...parts} />}
    </>
  );
}
