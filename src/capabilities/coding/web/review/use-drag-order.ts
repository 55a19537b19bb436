import { useEffect, useRef, useState, type CSSProperties, type PointerEvent, type RefObject } from 'react';
import { landing, scrollNear, wayMade, type RowPlace } from './drag-order.ts';

interface Held {
  readonly from: number;
  readonly to: number;
  /** Pixels from its place. */
  readonly distance: number;
  readonly height: number;
}

interface Grip {
  readonly from: number;
  readonly rows: readonly RowPlace[];
  /** In the page, not in the window, so that scrolling counts as moving. */
  readonly startY: number;
  clientY: number;
  frame: number;
}

/**
 * Rows that are put in order by dragging a handle, with mouse, pen or finger: the row follows, the others make way, the
 * page scrolls at its edges, and Escape puts it back. The list's children are the rows, in order.
 */
export function useDragOrder(
  list: RefObject<HTMLElement | null>,
  onMove: (from: number, to: number) => void,
) {
  const grip = useRef<Grip | null>(null);
  const [held, setHeld] = useState<Held | null>(null);

  function place(): Held | null {
    const now = grip.current;
    const row = now?.rows[now.from];
    if (!now || !row) return null;
    const distance = now.clientY + window.scrollY - now.startY;
    return { from: now.from, to: landing(now.rows, now.from, distance), distance, height: row.height };
  }

  function scroll(): void {
    const now = grip.current;
    if (!now) return;
    const by = scrollNear(now.clientY, window.innerHeight);
    if (by !== 0) {
      window.scrollBy(0, by);
      setHeld(place());
    }
    now.frame = requestAnimationFrame(scroll);
  }

  function release(): void {
    cancelAnimationFrame(grip.current?.frame ?? 0);
    grip.current = null;
    setHeld(null);
  }

  useEscape(held !== null, release);
  useEffect(() => () => cancelAnimationFrame(grip.current?.frame ?? 0), []);

  const handle = (from: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || !list.current) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const top = list.current.getBoundingClientRect().top;
      const rows = [...list.current.children].map((row) => {
        const box = row.getBoundingClientRect();
        return { top: box.top - top, height: box.height };
      });
      grip.current = { from, rows, startY: event.clientY + window.scrollY, clientY: event.clientY, frame: 0 };
      grip.current.frame = requestAnimationFrame(scroll);
      setHeld(place());
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!grip.current) return;
      grip.current.clientY = event.clientY;
      setHeld(place());
    },
    onPointerUp: () => {
      const last = place();
      release();
      if (last && last.to !== last.from) onMove(last.from, last.to);
    },
    onPointerCancel: release,
  });

  const styleOf = (index: number): CSSProperties | undefined => {
    if (!held) return undefined;
    const by = index === held.from ? held.distance : wayMade(index, held.from, held.to, held.height);
    return { transform: `translateY(${by}px)` };
  };
  return { handle, styleOf, held: held?.from };
}

function useEscape(active: boolean, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!active) return undefined;
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') latest.current();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [active]);
}
