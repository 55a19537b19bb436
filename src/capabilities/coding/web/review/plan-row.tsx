import { ActionIcon, Badge } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconGripVertical, IconPencil } from '@tabler/icons-react';
import type { CSSProperties, HTMLAttributes, KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { PlanChange } from '../../plan/plan-diff.ts';
import type { PlanStep } from '../../schema.ts';
import type { PlanAct } from './plan-draft.ts';
import { PlanStepFacts, PlanStepMeta } from './plan-step-facts.tsx';
import { fieldsOf, titleOf } from './plan-words.ts';
import classes from './plan.module.css';
import { StepForm } from './step-form.tsx';

interface PlanRowProps {
  readonly step: PlanStep;
  readonly index: number;
  readonly steps: readonly PlanStep[];
  readonly act: ((act: PlanAct) => void) | undefined;
  readonly change: PlanChange | undefined;
  readonly isOpen: boolean;
  readonly isHeld: boolean;
  readonly style: CSSProperties | undefined;
  readonly handle: HTMLAttributes<HTMLElement>;
  readonly onToggle: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const tones = { new: 'ok', changed: 'live', moved: 'idle', removed: 'bad' } as const;

/** One step: what it does, what is different of it, and what it touches and waits for. */
export function PlanRow(props: PlanRowProps) {
  const { step, index, steps, act, change, isOpen, isHeld, style, handle, onToggle, onKeyDown } = props;
  const { t } = useTranslation('codingReview');
  const title = inert(titleOf(step, t));
  const named = { number: index + 1, title };
  return (
    <li className={classes.step} style={style} data-held={isHeld || undefined}>
      <div className={classes.row}>
        {act && (
          <button
            type="button"
            className={classes.handle}
            data-handle={step.id}
            aria-label={t('plan.handle', named)}
            title={t('plan.handleHint')}
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
            onKeyDown={onKeyDown}
            {...handle}
          >
            <IconGripVertical size={16} stroke={1.75} aria-hidden="true" />
          </button>
        )}
        <span className={classes.number} aria-hidden="true">
          {index + 1}
        </span>
        <div className={classes.words}>
          <p className={classes.title}>
            <bdi>{title}</bdi>
            {change && change.change !== 'same' && <Tag change={change} />}
          </p>
          {!isOpen && step.description.trim() !== '' && (
            <p className={classes.description} dir="auto">
              {inertLines(step.description.slice(0, 1000))}
            </p>
          )}
          {!(isOpen && act) && <PlanStepMeta step={step} index={index} steps={steps} />}
        </div>
        <ActionIcon
          variant="subtle"
          color="ink"
          aria-expanded={isOpen}
          aria-label={t(isOpen ? 'plan.close' : act ? 'plan.edit' : 'plan.open', named)}
          onClick={onToggle}
        >
          <ToggleIcon isOpen={isOpen} edits={act !== undefined} />
        </ActionIcon>
      </div>
      {isOpen && act && <StepForm {...{ step, steps, act }} onDone={onToggle} />}
      {isOpen && !act && <PlanStepFacts step={step} />}
    </li>
  );
}

function ToggleIcon({ isOpen, edits }: { isOpen: boolean; edits: boolean }) {
  const Icon = isOpen ? IconChevronUp : edits ? IconPencil : IconChevronDown;
  return <Icon size={16} stroke={1.75} aria-hidden="true" />;
}

function Tag({ change }: { change: PlanChange }) {
  const { t } = useTranslation('codingReview');
  if (change.change === 'same') return null;
  const fields = fieldsOf(change, t);
  return (
    <>
      <Badge className={classes.tag ?? ''} color={tones[change.change]}>
        {t(`plan.tag.${change.change}`)}
      </Badge>
      {fields !== '' && <span className={classes.fields}>{fields}</span>}
    </>
  );
}
