import { inert, inertLines } from '../../base/inert.ts';
import type { Question } from '../../contract/question.ts';
import classes from './question-panel.module.css';

/** What it means, what is decided on, and the figures. All of it is text that others wrote, so what reorders it is shown. */
export function QuestionBody({ question: { text, items, facts } }: { question: Question }) {
  return (
    <>
      {text !== '' && (
        <p className={classes.text} dir="auto">
          {inertLines(text)}
        </p>
      )}
      {items.length > 0 && (
        <ol className={classes.items}>
          {items.map((item, index) => (
            // Two items may say the same; their place tells them apart.
            <li key={index}>
              <bdi>{inert(item.title)}</bdi>
              {item.tag && (
                <span className={classes.tag} data-tone={item.tag.colour}>
                  {inert(item.tag.text)}
                </span>
              )}
              {item.detail !== undefined && <p className={classes.detail}>{inertLines(item.detail)}</p>}
            </li>
          ))}
        </ol>
      )}
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(({ label, value }, index) => (
            <div key={index}>
              <dt>{inert(label)}</dt>
              <dd dir="auto">{inert(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
