import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { useMe } from '../api/me.ts';
import { useNames } from '../api/names.ts';
import type { Texts } from '../locales/texts.ts';
import { Ago } from '../parts/ago.tsx';
import { Status } from '../parts/status.tsx';
import { waitOf } from '../runs/run-words.ts';
import classes from './start-page.module.css';

/** A few runs, a line each. */
export function RunLines({ runs }: { runs: readonly RunSummary[] }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const me = useMe();
  const nameOf = useNames(runs.map((run) => run.userId));
  return (
    <ul className={classes.list}>
      {runs.map((run) => {
        const wait = waitOf(run, me, t, nameOf);
        return (
          <li key={run.id}>
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              className={classes.row}
              data-waiting={wait.forPerson || undefined}
            >
              <span className={classes.status}>
                <Status
                  status={run.status}
                  waitsForPerson={wait.forPerson}
                  {...(wait.words && { words: wait.words })}
                />
              </span>
              <bdi className={classes.name}>{run.title.trim() === '' ? t('runs:untitled') : run.title}</bdi>
              <span className={classes.when}>
                <Ago at={run.createdAt} />
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
