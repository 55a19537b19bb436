import { Badge, Button, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import type { PlanIteration } from '../../schema.ts';
import type { PlanAct, PlanDraft } from './plan-draft.ts';
import { countsOf, titleOf } from './plan-words.ts';
import classes from './plan.module.css';
import type { Compared } from './use-compared.ts';

interface PlanCompareProps {
  readonly compared: Compared;
  readonly draft: PlanDraft;
  readonly proposed: PlanIteration;
  /** Undefined for who only reads. */
  readonly act: ((act: PlanAct) => void) | undefined;
}

/** What is different and from which version, with the steps that are gone, and the ways back. */
export function PlanCompare({ compared, draft, proposed, act }: PlanCompareProps) {
  const { t } = useTranslation('codingReview');
  const removed = compared.changes.filter(({ change }) => change === 'removed');
  const canUndo = act !== undefined && draft.past.length > 0;
  if (compared.with === undefined && !canUndo) return null;
  return (
    <div className={classes.compare}>
      {removed.length > 0 && (
        <ul className={classes.removed}>
          {removed.map(({ step }) => (
            <li key={step.id}>
              <del dir="auto">{inert(titleOf(step, t))}</del>
              <Badge color="bad">{t('plan.tag.removed')}</Badge>
              {act && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  onClick={() => act({ act: 'add', step, at: draft.steps.length })}
                >
                  {t('plan.bringBack')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.line}>
        {compared.with !== undefined && (
          <span role="status">
            <Base compared={compared} proposed={proposed} /> {countsOf(compared.changes, t)}
          </span>
        )}
        {canUndo && (
          <span className={classes.ways}>
            <Button variant="subtle" size="compact-sm" onClick={() => act({ act: 'undo' })}>
              {t('plan.undo')}
            </Button>
            <Button variant="subtle" size="compact-sm" onClick={() => act({ act: 'reset', to: proposed })}>
              {t('plan.discard')}
            </Button>
          </span>
        )}
      </div>
    </div>
  );
}

/** The version that is compared with, as a choice where there are several. */
function Base({ compared, proposed }: { compared: Compared; proposed: PlanIteration }) {
  const { t } = useTranslation('codingReview');
  const nameOf = (number: number) =>
    number === proposed.iteration ? t('plan.proposal', { number }) : t('plan.earlier', { number });
  if (compared.versions.length < 2) {
    return (
      <>
        {t('plan.compare')} {nameOf(compared.with ?? proposed.iteration)}:
      </>
    );
  }
  return (
    <>
      {t('plan.compare')}{' '}
      <NativeSelect
        className={classes.base ?? ''}
        size="xs"
        aria-label={t('plan.compare')}
        value={String(compared.with)}
        data={compared.versions.map((number) => ({ value: String(number), label: nameOf(number) }))}
        onChange={({ currentTarget: { value } }) => compared.choose(Number(value))}
      />
    </>
  );
}
