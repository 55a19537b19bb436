import { errorTable, type ErrorCode } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { metrics } from '../../base/metrics.ts';
import type { OverBudget } from '../../contract/budget.ts';
import type { Database } from '../../store/database.ts';
import type { Need } from './decide.ts';
import { reserve, type Reservation, type ReservedCall } from './reserve.ts';
import { settle, type Settlement } from './settle.ts';

/** The money of one call of one model: put aside before each try that may cost something, booked when it is known. */
export interface Purse {
  /** Keeps what is put aside already. `leftMs` is how long the call may still take. */
  open(): Promise<{ readonly outputTokens: number; readonly leftMs: number } | { readonly over: OverBudget }>;
  /** Books what came of what was put aside. */
  close(came: Settlement): Promise<void>;
  /** What a try may have cost at most that told nobody. */
  atMost(): Pick<Settlement, 'tokens' | 'usd' | 'estimated'>;
}

interface PurseParts {
  readonly db: Database;
  readonly log: Logger;
  readonly call: ReservedCall;
  readonly provider: string;
  readonly need: Need;
  /** How long tries may hold the money. */
  readonly holdMs: number;
  readonly day: string | undefined;
}

/** Between the end of the time and being taken for lost. */
const graceMs = 60_000;

export function createPurse({ db, log, call, provider, need, holdMs, day }: PurseParts): Purse {
  let held: { readonly reservation: Reservation; readonly until: number } | undefined;
  return {
    open: async () => {
      if (held === undefined) {
        const reserved = await reserve(db, { call, provider, need, lifeMs: holdMs + graceMs, day });
        if ('over' in reserved) {
          metrics.budgetRefused(reserved.over.scope);
          return reserved;
        }
        held = { reservation: reserved, until: performance.now() + holdMs };
      }
      const leftMs = Math.max(1, held.until - performance.now());
      return { outputTokens: held.reservation.outputTokens, leftMs };
    },
    close: async (came) => {
      if (!held) return;
      const { reservation } = held;
      held = undefined;
      tell(provider, need.model, came);
      try {
        await settle(db, call.payer, need.model, reservation, came);
      } catch (error) {
        // The answer is there and shall not be lost; what was put aside counts as spent after its time.
        log.warn({ err: error, call: reservation.id }, 'what a model cost could not be booked yet');
      }
    },
    atMost: () => ({
      tokens: {
        input: need.inputTokens,
        cacheRead: 0,
        cacheWrite: 0,
        output: held?.reservation.outputTokens ?? 0,
      },
      usd: need.price ? (held?.reservation.usd ?? 0) : null,
      estimated: true,
    }),
  };
}

function tell(provider: string, model: string, { status, tokens, usd, durationMs }: Settlement): void {
  metrics.modelCalled({
    ...{ provider, model, status, usd },
    seconds: durationMs / 1000,
    input: tokens.input,
    cached: tokens.cacheRead,
    output: tokens.output,
  });
}

const nothing = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };

/** What is booked for a try that failed: the most it may have cost, or nothing when its provider said no. */
export function failure(
  purse: Purse,
  code: string,
  mayCost: boolean,
  times: Pick<Settlement, 'attempts' | 'firstTokenMs' | 'durationMs'>,
): Settlement {
  const cost = mayCost ? purse.atMost() : { tokens: nothing, usd: 0, estimated: false };
  return { status: 'failed', error: isCode(code) ? code : 'INTERNAL', ...cost, ...times };
}

function isCode(code: string): code is ErrorCode {
  return code in errorTable;
}
