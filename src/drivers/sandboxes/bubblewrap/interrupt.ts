import { statSync } from 'node:fs';
import type { Cell } from './launch.ts';
import { childrenOf } from './meter.ts';

/** Sends SIGINT to the program and what it started, as a terminal would; process 1 of the sandbox is ours. */
export function interruptCell(cell: Cell): void {
  const bwrap = cell.pid();
  const inner = bwrap === undefined ? [] : childrenOf(bwrap);
  const queue = inner.flatMap(childrenOf);
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    queue.push(...childrenOf(pid));
    interruptQuietly(pid, cell.slot.uid);
  }
}

/** Only a process of the slot's own user: a number that was given to somebody else meanwhile is left alone. */
function interruptQuietly(pid: number, uid: number | undefined): void {
  try {
    if (uid === undefined || statSync(`/proc/${pid}`).uid === uid) process.kill(pid, 'SIGINT');
  } catch {
    // It ended meanwhile.
  }
}
