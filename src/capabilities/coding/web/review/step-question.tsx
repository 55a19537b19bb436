import { useTranslation } from 'react-i18next';
import { inertLines } from '../../../../base/inert.ts';
import type { QuestionParts } from '../../../../web/capability.ts';
import { PlainQuestion } from '../../../../web/parts/plain-question.tsx';
import { QuestionAnswers } from '../../../../web/parts/question-answers.tsx';
import { QuestionBody } from '../../../../web/parts/question-body.tsx';
import { readStep } from '../../read-state.ts';
import type { StepAttempt } from '../../schema.ts';
import { Checks } from './checks.tsx';
import { Fold } from './fold.tsx';
import classes from './review.module.css';

/** How to go on with a step that did not pass: what its last try came to, and the ones before. */
export default function StepQuestion({ canAnswer, ...parts }: QuestionParts) {
  const { t } = useTranslation('codingReview');
  const { question } = parts.asked;
  const step = readStep(question.subject?.value);
  const last = step?.attempts.at(-1);
  if (!step || !last) return <PlainQuestion canAnswer={canAnswer} {...parts} />;
  const earlier = step.attempts.slice(0, -1);
  return (
    <>
      <QuestionBody question={{ ...question, items: [] }} />
      <p className={classes.dim}>{t('step.attempt', { count: step.attempts.length })}</p>
      <Attempt attempt={last} />
      {earlier.length > 0 && (
        <Fold title={t('step.earlier', { count: earlier.length })}>
          {earlier.map((attempt) => (
            <section key={attempt.attempt} className={classes.try}>
              <h3>
                {t('step.try', { number: attempt.attempt })} <Passed attempt={attempt} />
              </h3>
              <Attempt attempt={attempt} />
            </section>
          ))}
        </Fold>
      )}
      {canAnswer && <QuestionAnswers {...parts} />}
    </>
  );
}

function Passed({ attempt: { verification } }: { attempt: StepAttempt }) {
  const { t } = useTranslation('codingReview');
  if (!verification) return null;
  const passed = verification.checks.filter(({ status }) => status === 'passed').length;
  return (
    <span className={classes.dim}>{t('step.passedOf', { passed, all: verification.checks.length })}</span>
  );
}

function Attempt({ attempt: { notice, verification } }: { attempt: StepAttempt }) {
  return (
    <>
      {notice !== null && <p dir="auto">{inertLines(notice)}</p>}
      <Checks checks={verification?.checks ?? []} />
    </>
  );
}
