import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { RunSummary } from '../../../../contract/run.ts';
import type { Step } from '../../../../contract/step.ts';
import { CommitLine } from './commit-line.tsx';
import { DoingLine } from './doing-line.tsx';
import type { Doing } from './doings.ts';
import { SpanFigure } from './span-figure.tsx';
import { StepDiff } from './step-diff.tsx';
import { StepStatus } from './step-status.tsx';
import { TryRows } from './try-rows.tsx';
import type { WorkStep } from './work-view.ts';
import classes from './work.module.css';

interface StepItemProps {
  readonly run: RunSummary;
  readonly step: WorkStep;
  readonly steps: readonly WorkStep[];
  readonly retries: number;
  readonly recorded: readonly Step[];
  /** What is under way for it. */
  readonly doings: readonly Doing[];
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** A step on a line; opened, what happens of it, what each try came to, its commit and its change. */
export function StepItem(props: StepItemProps) {
  const { step, retries, open, onToggle } = props;
  const { t } = useTranslation('codingWork');
  const id = useId();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const isLive = step.status === 'writing' || step.status === 'verifying';
  const tries = step.tries.length;
  return (
    <li className={classes.step} data-status={step.status}>
      <button
        type="button"
        className={classes.head}
        aria-expanded={open}
        aria-controls={id}
        onClick={onToggle}
      >
        <Chevron size={14} stroke={1.75} aria-hidden="true" />
        <span className={classes.number}>{step.position}</span>
        <bdi className={classes.name}>{inert(step.title.slice(0, 200))}</bdi>
        <span className={classes.state}>
          <StepStatus status={step.status} />
          {tries > 1 && (
            <span className={classes.note}>
              {t('retry', { number: tries - 1, all: Math.max(retries, tries - 1) })}
            </span>
          )}
        </span>
        <SpanFigure span={step.span} usd={step.usd} isLive={isLive || step.status === 'waiting'} />
      </button>
      {open && (
        <div id={id} className={classes.body}>
          <StepBody {...props} />
        </div>
      )}
    </li>
  );
}

function StepBody({ run, step, steps, retries, recorded, doings }: StepItemProps) {
  const { t } = useTranslation('codingWork');
  const after = steps.filter(({ id }) => step.dependsOn.includes(id)).map(({ position }) => position);
  return (
    <>
      {step.description.trim() !== '' && (
        <p className={classes.description} dir="auto">
          {inertLines(step.description.slice(0, 8000))}
        </p>
      )}
      {step.tries.length === 0 && (
        <p className={classes.note}>
          {t('step.none')}{' '}
          {after.length > 0 && t('step.after', { count: after.length, steps: after.join(', ') })}
        </p>
      )}
      {doings.length > 0 && (
        <ul className={classes.inner}>
          {doings.map((doing) => (
            <DoingLine key={doing.key} doing={doing} />
          ))}
        </ul>
      )}
      {step.tries.length > 0 && <TryRows {...{ run, step, retries, recorded }} />}
      {step.commit && <CommitLine commit={step.commit} what={t('step.copySha', { step: step.position })} />}
      {step.diffFile !== null && <StepDiff runId={run.id} fileId={step.diffFile} />}
    </>
  );
}
