import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { RunSummary } from '../../../../contract/run.ts';
import type { Step } from '../../../../contract/step.ts';
import { Checks } from '../review/checks.tsx';
import { forkPosition } from './fork-position.ts';
import { ForkButton } from './fork-button.tsx';
import { SpanFigure } from './span-figure.tsx';
import type { WorkStep, WorkTry } from './work-view.ts';
import classes from './work.module.css';

interface TryRowsProps {
  readonly run: RunSummary;
  readonly step: WorkStep;
  readonly retries: number;
  readonly recorded: readonly Step[];
}

/** Every try of a step, the latest first and open: what it was proven with and what that said. */
export function TryRows({ run, step, retries, recorded }: TryRowsProps) {
  const [chosen, setChosen] = useState<ReadonlyMap<number, boolean>>(new Map());
  const last = step.tries.findLast(({ result }) => result !== null)?.number;
  return (
    <ul className={classes.tries}>
      {step.tries.toReversed().map((each) => {
        const open = chosen.get(each.number) ?? each.number === last;
        return (
          <OneTry
            key={each.number}
            {...{ run, step, retries, recorded, each, open }}
            onToggle={() => setChosen((now) => new Map([...now, [each.number, !open]]))}
          />
        );
      })}
    </ul>
  );
}

interface OneTryProps extends TryRowsProps {
  readonly each: WorkTry;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function OneTry({ run, step, retries, recorded, each, open, onToggle }: OneTryProps) {
  const { t } = useTranslation('codingWork');
  const { number, result, span, usd } = each;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const retry = t('retry', { number: number - 1, all: Math.max(retries, number - 1) });
  const from = forkPosition(recorded, step.id, number);
  return (
    <li>
      <div className={classes.try}>
        <button type="button" className={classes.tryHead} aria-expanded={open} onClick={onToggle}>
          <Chevron size={14} stroke={1.75} aria-hidden="true" />
          <span>{number === 1 ? t('step.try', { number }) : t('step.tryOf', { number, retry })}</span>
          <TryWords each={each} isLive={step.status === 'writing' || step.status === 'verifying'} />
          <SpanFigure span={span} usd={usd} isLive={step.status !== 'stopped'} />
        </button>
        {from !== undefined && (
          <ForkButton runId={run.id} from={from} label={t('step.forkTry', { number, step: step.position })} />
        )}
      </div>
      {open && result && (
        <div className={classes.tryBody}>
          {result.notice !== null && <p dir="auto">{inertLines(result.notice.slice(0, 2000))}</p>}
          <Checks checks={result.verification?.checks ?? []} />
          {result.verification?.passed === false && number < step.tries.length && (
            <p className={classes.note}>{t('step.sentBack')}</p>
          )}
        </div>
      )}
    </li>
  );
}

function TryWords({ each: { result }, isLive }: { each: WorkTry; isLive: boolean }) {
  const { t } = useTranslation('codingWork');
  if (result === null) return isLive && <span className={classes.note}>{t('step.tryWriting')}</span>;
  const { verification, turns } = result;
  const failed = (verification?.checks ?? []).filter(({ status }) => status === 'failed');
  const names = failed.map(({ name }) => inert(name.slice(0, 60))).join(', ');
  return (
    <>
      <span className={classes.verdict} data-tone={verification?.passed === false ? 'bad' : 'ok'}>
        {verification === null
          ? t('step.tryUnproven')
          : verification.passed
            ? t('step.tryPassed')
            : t('step.tryFailed', { names: names.slice(0, 200) })}
      </span>
      <span className={classes.note}>{t('step.turns', { count: turns })}</span>
    </>
  );
}
