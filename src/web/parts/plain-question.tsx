import type { QuestionParts } from '../capability.ts';
import { QuestionAnswers } from './question-answers.tsx';
import { QuestionBody } from './question-body.tsx';

/** A question in the form that every capability's have: texts, figures, and a button for each answer. */
export function PlainQuestion({ canAnswer, ...parts }: QuestionParts) {
  return (
    <>
      <QuestionBody question={parts.asked.question} />
      {canAnswer && <QuestionAnswers {...parts} />}
    </>
  );
}
