import type { Question } from '../../contract/question.ts';
import classes from './question-panel.module.css';

/** What it means, what is decided on, and the figures. All of it is text that others wrote. */
export function QuestionBody({ question: { text, items, facts } }: { question: Question }) {
  return (
    <>
      {text !== '' && (
        <p className={classes.text} dir="auto">
          {text}
        </p>
      )}
      {items.length > 0 && (
        <ol className={classes.items}>
          {items.map((item, index) => (
            // Two items may say the same; their place tells them apart.
            <li key={index}>
              <bdi>{item.title}</bdi>
              {item.tag && (
                <span className={classes.tag} data-tone={item.tag.colour}>
                  {item.tag.text}
                </span>
              )}
              {item.detail !== undefined && <p className={classes.detail}>{item.detail}</p>}
            </li>
          ))}
        </ol>
      )}
      {facts.length > 0 && (
        <dl className={classes.facts}>
          {facts.map(({ label, value }, index) => (
            <div key={index}>
              <dt>{label}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
