import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { QuestionParts } from '../../../../web/capability.ts';
import { PlainQuestion } from '../../../../web/parts/plain-question.tsx';
import { QuestionAnswers } from '../../../../web/parts/question-answers.tsx';
import { QuestionBody } from '../../../../web/parts/question-body.tsx';
import { readPublish } from './read-publish.ts';
import classes from './review.module.css';

const mostFiles = 200;

/** Whether work leaves that a person must have seen: why it waits, and the files that it is about. */
export default function PublishQuestion({ canAnswer, ...parts }: QuestionParts) {
  const { t } = useTranslation('codingReview');
  const { question } = parts.asked;
  const publish = readPublish(question.subject?.value);
  if (!publish) return <PlainQuestion canAnswer={canAnswer} {...parts} />;
  const { reason, files } = publish;
  return (
    <>
      <QuestionBody question={{ ...question, items: [] }} />
      {!question.text.includes(reason) && (
        <section className={classes.lines}>
          <h3>{t('publish.why')}</h3>
          <p dir="auto">{inertLines(reason)}</p>
        </section>
      )}
      {files.length > 0 && (
        <section className={classes.lines}>
          <h3>{t('publish.files', { count: files.length })}</h3>
          <ul>
            {files.slice(0, mostFiles).map((path) => (
              <li key={path}>
                <code>{inert(path.slice(0, 500))}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      {canAnswer && <QuestionAnswers {...parts} />}
    </>
  );
}
