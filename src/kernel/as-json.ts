import { GantryError } from '../base/errors.ts';

/** What is stored of a value: JSON, or null for undefined. OUTPUT_INVALID when JSON can't hold it, as of a BigInt or a cycle. */
export function asJson(what: string, value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch (cause) {
    throw new GantryError(
      'OUTPUT_INVALID',
      `${what} returned what can't be stored as JSON (${cause instanceof Error ? cause.message : String(cause)}).`,
      { cause },
    );
  }
}
