import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { PlanStep } from '../../schema.ts';
import classes from './plan.module.css';

const mostFiles = 3;

interface PlanStepMetaProps {
  readonly step: PlanStep;
  readonly index: number;
  readonly steps: readonly PlanStep[];
}

/** The line below a step: its commit's type, its size, what it waits for, and what it touches. */
export function PlanStepMeta({ step, index, steps }: PlanStepMetaProps) {
  const { t } = useTranslation('codingReview');
  const { files } = step;
  const commit = step.scope === undefined ? step.type : `${step.type}(${step.scope.slice(0, 40)})`;
  return (
    <p className={classes.meta}>
      <span>
        <bdi>{inert(commit)}</bdi> · {t(`plan.size.${step.size}`)}
      </span>
      <After step={step} index={index} steps={steps} />
      {files.slice(0, mostFiles).map((path) => (
        <code key={path} title={path.slice(0, 300)}>
          <bdi>{inert(path.slice(0, 300))}</bdi>
        </code>
      ))}
      {files.length > mostFiles && <span>{t('plan.moreFiles', { count: files.length - mostFiles })}</span>}
    </p>
  );
}

function After({ step, index, steps }: PlanStepMetaProps) {
  const { t } = useTranslation('codingReview');
  if (step.dependsOn.length === 0) return null;
  const places = step.dependsOn.map((id) => steps.findIndex((other) => other.id === id));
  const known = places.filter((place) => place >= 0).toSorted((a, b) => a - b);
  const isWrong = places.some((place) => place < 0 || place >= index);
  return (
    <span className={classes.after} data-wrong={isWrong || undefined}>
      {known.length < places.length
        ? t('plan.afterGone')
        : t('plan.after', { steps: known.map((place) => place + 1).join(', ') })}
    </span>
  );
}

/** A step in full, for who only reads. */
export function PlanStepFacts({ step: { description, files, acceptance } }: { step: PlanStep }) {
  const { t } = useTranslation('codingReview');
  return (
    <div className={classes.facts}>
      {description.trim() !== '' && <p dir="auto">{inertLines(description)}</p>}
      {acceptance.length > 0 && (
        <>
          <h3>{t('plan.acceptance')}</h3>
          <ul>
            {acceptance.map((text, index) => (
              <li key={index}>
                <bdi>{inert(text)}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('plan.files')}</h3>
      {files.length === 0 && <p>{t('plan.noFiles')}</p>}
      <ul>
        {files.map((path) => (
          <li key={path}>
            <code>{inert(path)}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
