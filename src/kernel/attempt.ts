import type { Logger } from '../base/logger.ts';
import type { Gate } from './gate.ts';
import type { Message } from './messages.ts';
import type { Retelling } from './retelling.ts';
import type { RunWriter } from './run-writer.ts';
import type { History } from './history.ts';
import type { RunRow } from './run-row.ts';
import type { Wait } from './wait.ts';

/** Undoes one finished step. */
export interface Compensation {
  readonly name: string;
  readonly ordinal: number;
  undo(): Promise<void>;
}

/** One worker's go at a run, from the claim until the run ends, waits, or is lost. Shared by steps and waits. */
export interface Attempt {
  readonly row: RunRow;
  readonly writer: RunWriter;
  readonly history: History;
  /** Aborted with RunCancelled or RunLost as its reason. */
  readonly signal: AbortSignal;
  /** Closed while the run is paused. */
  readonly gate: Gate;
  readonly log: Logger;
  /** What is sent to the run under a name, until `signal` aborts. */
  readonly hear: (name: string, signal: AbortSignal) => AsyncIterable<Message>;
  /** What was sent to the run under a name until now, behind message number `after`. */
  readonly received: (name: string, after: number) => Promise<Message[]>;
  readonly compensations: Compensation[];
  readonly waits: Wait[];
  /** Errors of steps that are recorded as failed: trying the run again would only replay them. */
  readonly final: WeakSet<object>;
  readonly retelling: Retelling;
  /** A question was or may be open; its end takes it out of the inbox. */
  asked: boolean;
  /** Steps that are being worked on. */
  active: number;
  /** The story has ended; whatever it still waits for, its run doesn't go to sleep any more. */
  over: boolean;
  /** Called whenever work may have come to rest, so that the run can go to sleep. */
  rest(): void;
  /** Sets who is called. */
  onRest(called: () => void): void;
}

/** Runs `work` as active work: while it lasts, the run holds its slot and doesn't go to sleep. */
export async function whileActive<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  attempt.active += 1;
  try {
    return await work();
  } finally {
    attempt.active -= 1;
    attempt.rest();
  }
}

/** Waits in front of a new step while the run is paused; the run may go to rest there. */
export async function passGate(attempt: Attempt): Promise<void> {
  assertGoing(attempt);
  await attempt.gate.pass(() => attempt.rest());
}

/** Throws the reason when the run was cancelled or lost. */
export function assertGoing(attempt: Attempt): void {
  if (attempt.signal.aborted) throw attempt.signal.reason;
}
