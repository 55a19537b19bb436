import { Button } from '@mantine/core';
import { IconCheck, IconPencilCode, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../contract/run.ts';
import { isTerminal } from '../../../../contract/run-status.ts';
import { StatusWord } from '../../../../web/parts/status.tsx';
import { limitsOfRun } from '../effective-limits.ts';
import { OutputFiles } from '../files/output-files.tsx';
import { useLimitTable, type ExecutionRun } from '../queries.ts';
import { resultWords } from '../result-words.ts';
import classes from './run-result.module.css';
import { StreamText } from './stream-text.tsx';
import { UsedOfLimits } from './used-of-limits.tsx';

/** What came of an execution: in a sentence, its figures against the limits, what it wrote, what it left. */
export default function RunResult({ run: told }: { run: Run }) {
  const { t } = useTranslation(['executionResult', 'playground']);
  // A run of this capability: its schemas were checked when it was stored.
  const run = told as ExecutionRun;
  const table = useLimitTable();
  const limits = limitsOfRun(table, run);
  const words = isTerminal(run.status) ? resultWords(run, limits) : undefined;
  const { output } = run;
  return (
    <div className={classes.result}>
      <div className={classes.head}>
        {words && run.status !== 'failed' && run.status !== 'dead' ? (
          <StatusWord
            tone={words.tone}
            icon={words.tone === 'ok' ? <IconCheck {...icon} /> : <IconX {...icon} />}
          >
            <span className={classes.sentence}>{t(`playground:${words.key}`, words.values)}</span>
          </StatusWord>
        ) : (
          !words && <span className={classes.note}>{t('none')}</span>
        )}
        <Button
          component={Link}
          to="/playground"
          search={{ run: run.id } as never}
          size="compact-sm"
          variant="default"
          className={classes.open}
          leftSection={<IconPencilCode size={14} stroke={1.75} aria-hidden="true" />}
        >
          {t('open')}
        </Button>
      </div>
      {output && (
        <>
          <dl className={classes.facts}>
            <Fact name={t('language')}>
              {output.language} {output.version}
              {output.warm && <span className={classes.note}> {t('warm')}</span>}
            </Fact>
            <Fact name={t('exit')}>{output.exitCode ?? output.signal ?? '–'}</Fact>
          </dl>
          <UsedOfLimits output={output} limits={limits} />
          {output.compile && (output.compile.stderr !== '' || output.compile.stdout !== '') && (
            <StreamText
              name={t('compiler')}
              text={output.compile.stdout + output.compile.stderr}
              runId={run.id}
            />
          )}
          {output.outcome !== 'compile_failed' && (
            <>
              <StreamText name={t('stdout')} text={output.stdout} runId={run.id} cut={output.truncated} />
              {output.stderr !== '' && <StreamText name={t('stderr')} text={output.stderr} runId={run.id} />}
            </>
          )}
          <OutputFiles runId={run.id} output={output} className={classes.stream} />
        </>
      )}
    </div>
  );
}

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
