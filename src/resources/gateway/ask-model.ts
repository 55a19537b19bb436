import { GantryError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { OverBudget } from '../../contract/budget.ts';
import type { ModelName } from '../../contract/model-string.ts';
import type { Database } from '../../store/database.ts';
import type { ModelReply } from '../ports/model.ts';
import { bytesOf, inputAtMost, outputAtMost, type Counts } from './estimate.ts';
import type { ModelAnswer, ModelCall } from './gateway.ts';
import { createTries, type Caller, type Tried } from './one-try.ts';
import type { Price, Prices } from './prices.ts';
import { createPurse, failure, type Purse } from './purse.ts';
import type { Relay } from './relay.ts';
import { delayBefore, mostPausedMs, type Pacing } from './retry.ts';

export interface Asking extends Caller {
  readonly db: Database;
  readonly prices: Prices;
  readonly pacing: Pacing;
  readonly counts: Counts;
  readonly timeoutMs: number;
  /** The UTC day; undefined is today by the clock of the database. */
  readonly day: () => string | undefined;
  readonly log: Logger;
}

export interface Question {
  readonly call: ModelCall;
  readonly model: string;
  readonly name: ModelName;
  /** False tries once only. */
  readonly again: boolean;
}

export type Asked = ModelAnswer | { readonly kind: 'over-budget'; readonly over: OverBudget };

const totalTimes = 5;

/**
 * Asks one model until it answers or has failed for good, each try on money that was put aside before. What a try that was
 * cut off may have cost counts as spent, and the next one is put to the budgets anew. Throws what the model port throws.
 */
export async function askModel(asking: Asking, question: Question, relay: Relay): Promise<Asked> {
  const { call, model, name } = question;
  const begun = performance.now();
  const { price } = await asking.prices.of(model);
  const bytes = bytesOf(call);
  const conversation = `${call.payer.runId} ${call.purpose} ${model}`;
  const inputTokens = inputAtMost(call, bytes, asking.counts.get(conversation));
  const totalMs = asking.timeoutMs * totalTimes;
  const purse = createPurse({
    db: asking.db,
    log: asking.log,
    call,
    provider: name.provider,
    need: { model, price, inputTokens, outputTokens: call.maxOutputTokens },
    holdMs: totalMs + mostPausedMs,
    day: asking.day(),
  });
  const tryOnce = createTries(asking, question, relay);
  let pausedMs = 0;
  for (let tried = 1; ; tried += 1) {
    const opened = await purse.open();
    if ('over' in opened) return { kind: 'over-budget', over: opened.over };
    const came = await tryOnce({
      outputTokens: opened.outputTokens,
      idleMs: asking.timeoutMs,
      totalMs: Math.min(totalMs, opened.leftMs),
    });
    const times = {
      attempts: tried,
      firstTokenMs: came.firstMs,
      durationMs: performance.now() - begun,
    };
    if ('reply' in came) {
      const counted = countTokens(came.reply, inputTokens);
      if (!counted.estimated) asking.counts.set(conversation, { bytes, tokens: counted.tokens.input });
      return answered(purse, model, price, came.reply, counted, times);
    }
    const random = asking.pacing.random;
    const delayMs = question.again ? delayAfter(came, call, tried, pausedMs, random) : undefined;
    const booked = failure(purse, codeOf(came.error), costs(came), times);
    if (booked.estimated || delayMs === undefined) await purse.close(booked);
    if (delayMs === undefined) throw came.error;
    asking.log.warn({ model, code: booked.error, tried, delayMs }, 'a model is asked again');
    relay.restart();
    pausedMs += delayMs;
    await asking.pacing.pause(delayMs, call.signal).catch(async (error: unknown) => {
      await purse.close(booked);
      throw call.signal.aborted ? call.signal.reason : error;
    });
  }
}

async function answered(
  purse: Purse,
  model: string,
  price: Price | null,
  reply: ModelReply,
  counted: ReturnType<typeof countTokens>,
  times: { readonly attempts: number; readonly firstTokenMs: number | null; readonly durationMs: number },
): Promise<ModelAnswer> {
  const usd = price ? price.cost(counted.tokens) : null;
  await purse.close({ status: 'answered', error: null, ...counted, usd, ...times });
  const { tokens } = counted;
  return { ...reply, tokens, kind: 'answer', model, usd, fromCache: false, durationMs: times.durationMs };
}

function delayAfter(
  { error }: Extract<Tried, { error: unknown }>,
  { signal }: ModelCall,
  tried: number,
  pausedMs: number,
  random: () => number,
): number | undefined {
  if (signal.aborted || !(error instanceof GantryError)) return undefined;
  return delayBefore(error, tried, pausedMs, random);
}

function costs({ error, mayCost }: Extract<Tried, { error: unknown }>): boolean {
  return mayCost && !refusals.has(codeOf(error));
}

/* The provider said no to the whole. */
const refusals = new Set([
  'MODEL_RATE_LIMITED',
  'MODEL_KEY_REFUSED',
  'MODEL_UNKNOWN',
  'MODEL_TOO_LONG',
  'INPUT_INVALID',
]);

function codeOf(error: unknown): string {
  return error instanceof GantryError ? error.code : 'INTERNAL';
}

/** As the provider counts; servers that don't count are counted for. */
function countTokens(reply: ModelReply, inputTokens: number) {
  const { input, output, cacheRead, cacheWrite } = reply.tokens;
  const counts = input > 0 && (output > 0 || reply.parts.length === 0);
  const tokens = {
    input: input > 0 ? Math.ceil(input) : inputTokens,
    output: output > 0 ? Math.ceil(output) : outputAtMost(reply),
    cacheRead: Math.max(0, Math.ceil(cacheRead) || 0),
    cacheWrite: Math.max(0, Math.ceil(cacheWrite) || 0),
  };
  return { tokens, estimated: !counts };
}
