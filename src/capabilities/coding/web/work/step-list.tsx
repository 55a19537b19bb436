import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../../contract/run.ts';
import type { Step } from '../../../../contract/step.ts';
import { stepOfDoing, type Doing } from './doings.ts';
import { StepItem } from './step-item.tsx';
import type { WorkStep } from './work-view.ts';
import classes from './work.module.css';

interface StepListProps {
  readonly run: RunSummary;
  readonly steps: readonly WorkStep[];
  /** So often a step may be tried after its first try. */
  readonly retries: number;
  readonly recorded: readonly Step[];
  readonly doings: readonly Doing[];
}

/** The plan's steps as a list. What matters now is open until somebody opens or closes one; the address keeps which. */
export function StepList({ run, steps, retries, recorded, doings }: StepListProps) {
  const { t } = useTranslation('codingWork');
  const [open, toggle] = useOpenSteps(steps);
  const done = steps.filter(({ status }) => status === 'done' || status === 'unchanged').length;
  return (
    <section>
      <h2 className={classes.title}>
        {t('steps')} <span className={classes.note}>{t('progress', { done, all: steps.length })}</span>
      </h2>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <StepItem
            key={step.id}
            {...{ run, step, steps, retries, recorded }}
            doings={doings.filter((doing) => stepOfDoing(doing) === step.id)}
            open={open.includes(step.id)}
            onToggle={() => toggle(step.id)}
          />
        ))}
      </ol>
    </section>
  );
}

function useOpenSteps(steps: readonly WorkStep[]): readonly [readonly string[], (id: string) => void] {
  const search: { steps?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const kept = typeof search.steps === 'string' ? search.steps.split(',') : undefined;
  const open = kept ?? steps.filter(({ status }) => isOfInterest(status)).map(({ id }) => id);
  const toggle = (id: string) => {
    const next = open.includes(id) ? open.filter((each) => each !== id) : [...open, id];
    void navigate({
      to: '.',
      search: (now: object) => ({ ...now, steps: next.join(',') }),
      replace: true,
      resetScroll: false,
    });
  };
  return [open, toggle];
}

const isOfInterest = (status: WorkStep['status']) =>
  status === 'writing' || status === 'verifying' || status === 'waiting' || status === 'failed';
