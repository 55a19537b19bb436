import { useTranslation } from 'react-i18next';
import { inertLines } from '../../../../base/inert.ts';
import type { Run } from '../../../../contract/run.ts';
import type { CodingInput, CodingOutput } from '../../schema.ts';
import type { Verification } from '../../verify/verification.ts';
import { Checks } from '../review/checks.tsx';
import { BundleHelp } from './bundle-help.tsx';
import { PullLink } from './pull-link.tsx';
import { ResultCommits } from './result-commits.tsx';
import classes from './work.module.css';

/** What came of a session in a sentence, where the work is, and what it was proven with. */
export default function SessionResult({ run }: { run: Run }) {
  const { t } = useTranslation('codingWork');
  const input = run.input as CodingInput;
  const output = run.output as CodingOutput | null;
  return (
    <div className={classes.result}>
      {output === null ? (
        run.error === null && <p className={classes.note}>{t('result.pending')}</p>
      ) : (
        <Outcome run={run} output={output} />
      )}
      <section>
        <h2>{t('result.asked')}</h2>
        <p className={classes.asked} dir="auto">
          {inertLines(input.goal.slice(0, 10_000))}
        </p>
      </section>
    </div>
  );
}

function Outcome({ run, output }: { run: Run; output: CodingOutput }) {
  const { t } = useTranslation('codingWork');
  const { outcome, notice, pull, verification, branch, commits, bundleFile } = output;
  return (
    <>
      <section>
        <p className={classes.sentence}>{t(`result.sentence.${outcome}`, { number: pull?.number ?? '' })}</p>
        {pull && (
          <p>
            <PullLink pull={pull} />
          </p>
        )}
        {notice !== null && <p dir="auto">{inertLines(notice.slice(0, 5000))}</p>}
      </section>
      {commits.length > 0 && <ResultCommits branch={branch} commits={commits} />}
      {bundleFile !== null && branch !== null && (
        <BundleHelp runId={run.id} fileId={bundleFile} branch={branch} />
      )}
      {verification && (
        <section>
          <h2>{t('result.verification')}</h2>
          <p>{t(`result.verified.${howProven(verification)}`)}</p>
          <Checks checks={verification.checks} />
        </section>
      )}
    </>
  );
}

function howProven({ passed, checks }: Verification): 'all' | 'noWorse' | 'failed' {
  if (!passed) return 'failed';
  return checks.every(({ status }) => status === 'passed') ? 'all' : 'noWorse';
}
