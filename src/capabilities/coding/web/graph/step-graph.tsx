import { IconCheck, IconMinus, IconUserQuestion, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { graphSize, layoutGraph, type GraphLayout } from './graph-layout.ts';
import classes from './step-graph.module.css';

export type GraphState = 'idle' | 'active' | 'done' | 'failed' | 'waiting' | 'skipped';

export interface GraphItem {
  readonly id: string;
  /** Its place in the plan. */
  readonly number: number;
  readonly title: string;
  readonly dependsOn: readonly string[];
  readonly state: GraphState;
  /** The state in words, and how long it took. */
  readonly note: ReactNode;
}

interface StepGraphProps {
  /** For who can't see it. */
  readonly name: string;
  readonly items: readonly GraphItem[];
  readonly chosen?: string | undefined;
  readonly onChoose?: (id: string) => void;
}

const margin = 12;

/** Steps and what they depend on, from left to right; it scrolls within itself, to the step that is at work. */
export function StepGraph({ name, items, chosen, onChoose }: StepGraphProps) {
  const shape = JSON.stringify(items.map(({ id, dependsOn }) => ({ id, dependsOn })));
  // Only another shape moves anything: states change all the time.
  const layout = useMemo(() => layoutGraph(JSON.parse(shape) as GraphItem[]), [shape]);
  const scroller = useRef<HTMLDivElement>(null);
  const now = items.find(({ state }) => state === 'active' || state === 'waiting')?.id;
  const left = layout.steps.find(({ id }) => id === now)?.x;
  useEffect(() => {
    const box = scroller.current;
    if (box && left !== undefined) box.scrollLeft = left + graphSize.width / 2 - box.clientWidth / 2;
  }, [left]);
  const size = { width: layout.width + 2 * margin, height: layout.height + 2 * margin };
  return (
    <div ref={scroller} className={classes.scroll} role="region" aria-label={name} tabIndex={0}>
      <div className={classes.canvas} style={size}>
        <Lines layout={layout} items={items} />
        <ol className={classes.steps}>
          {layout.steps.map(({ id, x, y }) => {
            const item = items.find((each) => each.id === id);
            return item && <Node key={id} {...{ item, chosen, onChoose }} x={x + margin} y={y + margin} />;
          })}
        </ol>
      </div>
    </div>
  );
}

function Lines({ layout, items }: { layout: GraphLayout; items: readonly GraphItem[] }) {
  const done = new Set(items.filter(({ state }) => state === 'done').map(({ id }) => id));
  const from = -margin;
  return (
    <svg
      className={classes.lines}
      viewBox={`${from} ${from} ${layout.width + 2 * margin} ${layout.height + 2 * margin}`}
      aria-hidden="true"
    >
      {layout.lines.map((line) => (
        <path key={`${line.from} ${line.to}`} d={line.path} data-done={done.has(line.from) || undefined} />
      ))}
    </svg>
  );
}

interface NodeProps extends Pick<StepGraphProps, 'chosen' | 'onChoose'> {
  readonly item: GraphItem;
  readonly x: number;
  readonly y: number;
}

function Node({ item, x, y, chosen, onChoose }: NodeProps) {
  const { id, number, title, state, note } = item;
  const words = (
    <>
      <span className={classes.mark} aria-hidden="true">
        <Mark item={item} />
      </span>
      <span className={classes.title} title={title.slice(0, 300)}>
        <bdi>
          {number}. {title.slice(0, 200)}
        </bdi>
      </span>
      <span className={classes.note}>{note}</span>
    </>
  );
  return (
    <li
      className={classes.step}
      data-state={state}
      data-chosen={chosen === id || undefined}
      style={{ left: x, top: y, width: graphSize.width, height: graphSize.height }}
    >
      {onChoose ? (
        <button type="button" className={classes.box} onClick={() => onChoose(id)}>
          {words}
        </button>
      ) : (
        <div className={classes.box}>{words}</div>
      )}
    </li>
  );
}

function Mark({ item: { state } }: { item: GraphItem }) {
  const icon = { size: 10, stroke: 3 } as const;
  if (state === 'done') return <IconCheck {...icon} />;
  if (state === 'failed') return <IconX {...icon} />;
  if (state === 'skipped') return <IconMinus {...icon} />;
  if (state === 'waiting') return <IconUserQuestion size={11} stroke={2.4} />;
  return null;
}
