import { GantryError } from '../../../base/errors.ts';
import type { CommitChecks, Forge, Pull } from '../../../resources/ports/forge.ts';

export interface FailedCheck {
  readonly name: string;
  readonly summary: string;
  /** The end of its log: what strangers' programs printed. */
  readonly log: string | null;
}

/** What CI says of Gantry's own last commit. JSON, recorded. */
export interface CheckLook {
  readonly state: CommitChecks['state'] | 'unknown';
  /** What fails, and does not fail on the base as well. */
  readonly failed: readonly FailedCheck[];
  /** Whether others are still going. */
  readonly isGoing: boolean;
  /** Why CI can't be looked at. */
  readonly problem: string | null;
}

const mostFailed = 10;

export async function failedChecks(forge: Forge, { head, base }: Pull): Promise<CheckLook> {
  try {
    const { state, checks } = await forge.checks(head.commit);
    const isGoing = checks.some((check) => check.state === 'pending');
    const failing = checks.filter((check) => check.state === 'failed');
    const before = failing.length > 0 && base.commit !== null ? await forge.checks(base.commit) : null;
    const known = new Set(
      before?.checks.flatMap((check) => (check.state === 'failed' ? [check.name] : [])) ?? [],
    );
    const failed = failing.filter(({ name }) => !known.has(name)).slice(0, mostFailed);
    return {
      ...{ state, isGoing, problem: null },
      failed: failed.map(({ name, summary, log }) => ({ name: name.slice(0, 300), summary, log })),
    };
  } catch (error) {
    // Comments can be answered even so.
    const refused = error instanceof GantryError && ['FORGE_FORBIDDEN', 'FORGE_UNABLE'].includes(error.code);
    if (!refused) throw error;
    return { state: 'unknown', failed: [], isGoing: false, problem: error.message };
  }
}
