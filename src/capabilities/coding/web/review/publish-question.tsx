import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import type { QuestionParts } from '../../../../web/capability.ts';
import { PlainQuestion } from '../../../../web/parts/plain-question.tsx';
import { QuestionAnswers } from '../../../../web/parts/question-answers.tsx';
import { QuestionBody } from '../../../../web/parts/question-body.tsx';
import { readPublish } from './read-publish.ts';
import classes from './review.module.css';

const mostFiles = 200;
const kinds = new Map<string, 'ci' | 'conflicts'>([
  ['ci-definitions', 'ci'],
  ['conflicts', 'conflicts'],
]);

/** Whether work leaves that a person must have seen: what keeps it, and the files that it is about. */
export default function PublishQuestion({ canAnswer, ...parts }: QuestionParts) {
  const { t } = useTranslation('codingReview');
  const { question, runId } = parts.asked;
  const publish = readPublish(question.subject?.value);
  if (!publish || publish.files.length === 0) return <PlainQuestion canAnswer={canAnswer} {...parts} />;
  const { reason, files } = publish;
  const kind = kinds.get(reason) ?? 'other';
  return (
    <>
      <QuestionBody question={{ ...question, items: [] }} />
      <section className={classes.lines}>
        <h3>{t(`publish.${kind}`, { count: files.length })}</h3>
        <ul>
          {files.slice(0, mostFiles).map((path) => (
            <li key={path}>
              <code>{inert(path.slice(0, 500))}</code>
            </li>
          ))}
        </ul>
      </section>
      <p>
        <Link to="/runs/$runId" params={{ runId }} search={{ tab: 'diff' }} resetScroll={false}>
          {t('publish.look')}
        </Link>
      </p>
      {canAnswer && <QuestionAnswers {...parts} />}
    </>
  );
}
