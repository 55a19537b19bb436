import { GantryError, errorTable, toGantryError, type ErrorCode } from '../base/errors.ts';
import type { RunError } from '../contract/run.ts';

/** Thrown into a story when its run is cancelled; ends the attempt after its compensations. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';
}

/** Thrown into a story when another worker owns the run by now; the attempt stops without a word. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

/** Thrown into steps that a story leaves running when it ends, or when its run goes to sleep. */
export class RunOver extends Error {
  override readonly name = 'RunOver';
}

/** The error as it is stored: code and message, nothing that only this process could read. */
export function toRunError(thrown: unknown): RunError {
  const error = toGantryError(thrown);
  return { code: error.code, message: error.message };
}

export function fromRunError(error: RunError | null): GantryError {
  const code = error && error.code in errorTable ? (error.code as ErrorCode) : 'INTERNAL';
  return new GantryError(code, error?.message ?? 'The step failed.');
}

/** True when trying again may help. */
export function isRetryable(thrown: unknown): boolean {
  return errorTable[toGantryError(thrown).code].outlook === 'retry';
}
