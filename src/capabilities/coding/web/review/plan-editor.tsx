import { Button, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import type { PlanChange } from '../../plan/plan-diff.ts';
import type { PlanState, PlanStep } from '../../schema.ts';
import { newStep, type PlanAct } from './plan-draft.ts';
import { PlanRow } from './plan-row.tsx';
import { titleOf } from './plan-words.ts';
import classes from './plan.module.css';
import { useDragOrder } from './use-drag-order.ts';

interface PlanEditorProps {
  readonly steps: readonly PlanStep[];
  readonly plan: PlanState;
  readonly changes: readonly PlanChange[];
  /** Undefined for who only reads. */
  readonly act: ((act: PlanAct) => void) | undefined;
}

const mostSteps = 50;

/** The steps in their order: moved with the pointer or by keys, opened to be read, edited in place. */
export function PlanEditor({ steps, plan, changes, act }: PlanEditorProps) {
  const { t } = useTranslation('codingReview');
  const [open, setOpen] = useState<string | null>(null);
  const { move, said, list } = useMove(steps, act);
  const drag = useDragOrder(list, move);
  const changeOf = new Map(changes.map((each) => [each.step.id, each]));
  const add = () => {
    const known = plan.iterations.flatMap((each) => each.steps.map(({ id }) => id));
    const step = newStep([...known, ...steps.map(({ id }) => id)]);
    act?.({ act: 'add', step, at: steps.length });
    setOpen(step.id);
  };
  return (
    <>
      <ol
        ref={list}
        className={classes.steps}
        aria-label={t('plan.steps')}
        data-held={drag.held !== undefined}
      >
        {steps.map((step, index) => (
          <PlanRow
            key={step.id}
            {...{ step, index, steps, act }}
            change={changeOf.get(step.id)}
            isOpen={open === step.id}
            isHeld={drag.held === index}
            style={drag.styleOf(index)}
            handle={drag.handle(index)}
            onToggle={() => setOpen(open === step.id ? null : step.id)}
            onKeyDown={(event) => onArrow(event, (by) => move(index, index + by))}
          />
        ))}
      </ol>
      {act && (
        <div className={classes.add}>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} stroke={1.75} aria-hidden="true" />}
            disabled={steps.length >= mostSteps}
            onClick={add}
          >
            {t('plan.add')}
          </Button>
        </div>
      )}
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}

/** Moves a step, says where it is now, and keeps the focus on it, which moving its element takes away. */
function useMove(steps: readonly PlanStep[], act: PlanEditorProps['act']) {
  const { t } = useTranslation('codingReview');
  const list = useRef<HTMLOListElement>(null);
  const [last, setLast] = useState<{ id: string; said: string } | null>(null);
  useEffect(() => {
    if (last) list.current?.querySelector<HTMLElement>(`[data-handle="${CSS.escape(last.id)}"]`)?.focus();
  }, [last]);
  const move = (from: number, to: number) => {
    const step = steps[from];
    if (!act || !step || to < 0 || to >= steps.length) return;
    act({ act: 'move', from, to });
    const title = inert(titleOf(step, t));
    setLast({ id: step.id, said: t('plan.movedTo', { title, number: to + 1, all: steps.length }) });
  };
  return { list, move, said: last?.said };
}

function onArrow(event: KeyboardEvent<HTMLElement>, move: (by: number) => void): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!event.altKey || by === undefined) return;
  event.preventDefault();
  move(by);
}
