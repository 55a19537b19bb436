import { draftOf } from '../draft.ts';
import type { ExecutionRun } from '../queries.ts';
import { addressKey } from './address.ts';
import type { PlaygroundAction } from './playground-state.ts';

/** Puts the program of a run into the editor; undefined when it can't be read. */
export function loadRun({ id, input, title }: ExecutionRun): PlaygroundAction | undefined {
  const draft = draftOf(input);
  return draft && { type: 'load', draft, base: { kind: 'run' }, name: title, shown: addressKey({ run: id }) };
}
