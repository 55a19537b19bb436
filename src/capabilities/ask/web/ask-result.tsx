import { useTranslation } from 'react-i18next';
import { inert } from '../../../base/inert.ts';
import type { Run } from '../../../contract/run.ts';
import { CopyButton } from '../../../web/parts/copy-button.tsx';
import Prose from '../../../web/parts/prose.tsx';
import type { AskInput, AskOutput } from '../schema.ts';
import classes from './ask.module.css';

const mostCitations = 200;

/** The answer and where it was found; before that, where to look. */
export default function AskResult({ run }: { run: Run }) {
  const { t } = useTranslation('ask');
  const input = run.input as AskInput;
  const output = run.output as AskOutput | null;
  return (
    <div className={classes.result}>
      <section>
        <h2>{t('result.asked')}</h2>
        <p className={classes.question}>{input.question.slice(0, 10_000)}</p>
      </section>
      {output === null ? (
        run.error === null && <p className={classes.note}>{t('result.pending')}</p>
      ) : (
        <Answer output={output} />
      )}
    </div>
  );
}

function Answer({ output: { answer, citations } }: { output: AskOutput }) {
  const { t } = useTranslation('ask');
  return (
    <>
      <section>
        <h2>
          {t('result.answer')} <CopyButton text={answer} what={t('result.copy')} />
        </h2>
        <Prose text={answer} />
      </section>
      <section>
        <h2>{t(citations.length === 0 ? 'result.none' : 'result.citations', { count: citations.length })}</h2>
        <ul className={classes.citations}>
          {citations.slice(0, mostCitations).map(({ path, line }, index) => (
            <li key={index}>
              <code>
                <bdi>{inert(path.slice(0, 300))}</bdi>:{line}
              </code>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
