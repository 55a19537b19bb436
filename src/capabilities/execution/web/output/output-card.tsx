import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ansiText } from '../../../../base/ansi.ts';
import { post } from '../../../../web/api/client.ts';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { LiveWord } from '../../../../web/parts/live-word.tsx';
import { Status } from '../../../../web/parts/status.tsx';
import { Took } from '../../../../web/parts/took.tsx';
import { OutputFiles } from '../files/output-files.tsx';
import type { Starting } from '../state/use-start.ts';
import { InputLine } from '../terminal/input-line.tsx';
import { EarlierRuns } from './earlier-runs.tsx';
import { Figures } from './figures.tsx';
import classes from './output-card.module.css';
import { hasEnded } from './output-store.ts';
import { OutputView } from './output-view.tsx';
import { ResultLine } from './result-line.tsx';
import type { Execution } from './use-execution.ts';

const TerminalView = lazy(() => import('../terminal/terminal-view.tsx'));

interface OutputCardProps {
  readonly execution: Execution;
  readonly starting: Starting;
  readonly mayRun: boolean;
  /** Puts the run's program into the editor again. */
  onReload(): void;
}

/** What the run does: its state, its output, what it uses, and the runs before it. */
export function OutputCard({ execution, starting, mayRun, onReload }: OutputCardProps) {
  const { t } = useTranslation('playground');
  const { run, error, output, ended } = execution;
  return (
    <section className={classes.card} aria-label={t('output.card')}>
      <Head execution={execution} mayRun={mayRun} />
      {starting.error !== null && (
        <div className={classes.problem}>
          <ErrorPanel error={starting.error} title={t('startFailed')} onRetry={starting.start} />
        </div>
      )}
      {run === undefined && error ? (
        <div className={classes.problem}>
          <ErrorPanel error={error} />
        </div>
      ) : null}
      {run?.input.terminal ? (
        <Suspense fallback={null}>
          <TerminalView
            key={`terminal of ${run.id}`}
            runId={run.id}
            output={output}
            open={!ended && mayRun}
          />
        </Suspense>
      ) : (
        <OutputView
          key={`output of ${execution.id}`}
          output={output}
          empty={<Waiting execution={execution} mayRun={mayRun} />}
        />
      )}
      {run?.input.interactive && !run.input.terminal && !ended && mayRun && output.status === 'running' && (
        <InputLine key={`input of ${run.id}`} runId={run.id} />
      )}
      <ResultLine execution={execution} />
      {ended && run?.output && <OutputFiles runId={run.id} output={run.output} className={classes.files} />}
      <Figures execution={execution} />
      <EarlierRuns shown={execution.id} onShownAgain={onReload} />
    </section>
  );
}

function Head({ execution, mayRun }: Pick<OutputCardProps, 'execution' | 'mayRun'>) {
  const { t } = useTranslation('playground');
  const { id, run, output, stream, ended } = execution;
  const over = ended || hasEnded(output);
  const stop = useMutation({ mutationFn: () => post(`/runs/${id}/cancel`) });
  if (run === undefined) return <header className={classes.head}>{t('output.title')}</header>;
  const status = ended ? run.status : output.status;
  const text = () =>
    output.log.lines
      .map((line) => (line.kind === 'output' && !line.lost ? ansiText(line.text) : ''))
      .join('\n');
  return (
    <header className={classes.head}>
      <Status chip status={status} />
      <span className={classes.took}>
        <Took
          from={ended ? run.startedAt : (run.startedAt ?? startOf(output.startedAt))}
          to={run.finishedAt}
        />
      </span>
      {!over && stream !== 'live' && stream !== 'ended' && output.lastSeq > 0 && (
        <LiveWord state={stream} at={new Date(output.lastAt)} />
      )}
      <Link to="/runs/$runId" params={{ runId: run.id }} className={classes.link}>
        {t('output.open')}
      </Link>
      <div className={classes.actions}>
        {!over && mayRun && (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={14} stroke={1.75} aria-hidden="true" />}
            loading={stop.isPending || stop.isSuccess}
            onClick={() => stop.mutate()}
          >
            {t('stop')}
          </Button>
        )}
        <CopyButton text={text} what={t('output.what')} />
      </div>
    </header>
  );
}

function startOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function Waiting({
  execution: { id, output, ended },
  mayRun,
}: Pick<OutputCardProps, 'execution' | 'mayRun'>): ReactNode {
  const { t } = useTranslation('playground');
  if (id === undefined) return t(mayRun ? 'output.none' : 'output.noneViewer');
  if (ended) return t('output.nothing');
  return output.status === 'queued' ? t('output.queued') : t('output.waiting');
}
