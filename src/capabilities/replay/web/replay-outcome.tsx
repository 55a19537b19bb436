import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../contract/run.ts';
import type { ReplayOutput } from '../schema.ts';
import { replayOutput } from './replay-output.ts';
import classes from './replay.module.css';
import { RunSample } from './run-sample.tsx';

/** What came of a replay that has ended. */
export function ReplayOutcome({ run }: { run: Run }) {
  const { t } = useTranslation('replay');
  const output = replayOutput(run);
  if (output === null)
    return <p role="status">{t('failed', { message: run.error?.message ?? run.status })}</p>;
  const { selected, started, stopped, dryRun, skipped, ended, sample } = output;
  return (
    <>
      <p role="status">
        {dryRun ? t('dry', { selected }) : t('done', { started, selected })} {stopped && t('stopped')}{' '}
        {skipped > 0 && t('skipped', { count: skipped })}{' '}
        {ended && Object.keys(ended).length > 0 && t('ended', { words: wordsOf(ended) })}
      </p>
      <Refusals output={output} />
      {output.runs.length > 0 ? <NewRuns output={output} /> : <RunSample runs={sample} total={selected} />}
    </>
  );
}

function wordsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

function Refusals({ output: { refused, refusals } }: { output: ReplayOutput }) {
  const { t } = useTranslation('replay');
  if (refused === 0) return null;
  return (
    <>
      <p>{t('refused', { count: refused })}</p>
      <ul className={classes.refusals} tabIndex={0} aria-label={t('refused', { count: refused })}>
        {refusals.map(({ runId, reason }) => (
          <li key={runId}>
            <code>{runId.slice(0, 8)}</code> {reason}
          </li>
        ))}
      </ul>
    </>
  );
}

const shown = 100;

function NewRuns({ output: { runs, sample } }: { output: ReplayOutput }) {
  const { t } = useTranslation('replay');
  const titles = new Map(sample.map(({ id, title }) => [id, title]));
  return (
    <>
      <p>{t('newRuns')}</p>
      <ul className={classes.refusals} tabIndex={0} aria-label={t('newRuns')}>
        {runs.slice(0, shown).map(({ from, to }) => (
          <li key={to}>
            <Link to="/runs/$runId" params={{ runId: to }}>
              {titles.get(from) || t('newRun', { id: from.slice(0, 8) })}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
