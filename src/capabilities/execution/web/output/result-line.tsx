import { useTranslation } from 'react-i18next';
import { limitsOfRun } from '../effective-limits.ts';
import { useLimitTable } from '../queries.ts';
import { resultWords } from '../result-words.ts';
import classes from './output-card.module.css';
import type { Execution } from './use-execution.ts';

/** What became of the program, in a sentence that is read out when it ends. */
export function ResultLine({ execution: { run, ended } }: { execution: Execution }) {
  const { t } = useTranslation('playground');
  const table = useLimitTable();
  const limits = run && limitsOfRun(table, run);
  const words = ended && run && limits ? resultWords(run, limits) : undefined;
  return (
    <div role="status" className={words ? classes.result : 'g-hidden'} data-tone={words?.tone}>
      {words && t(words.key, words.values)}
    </div>
  );
}
