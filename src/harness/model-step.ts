import { errorTable, GantryError, toGantryError, type ErrorCode } from '../base/errors.ts';
import { metrics } from '../base/metrics.ts';
import type { OverBudget } from '../contract/budget.ts';
import type { StepContext } from '../kernel/context.ts';
import type { ModelAnswer, ModelCall } from '../resources/gateway/gateway.ts';
import type { ModelMessage, ModelTool } from '../resources/ports/model.ts';
import { crowded } from './crowded.ts';
import { keepReply, type KeptReply } from './keep-reply.ts';
import { openSaid } from './said.ts';
import { outputTokens } from './limits.ts';
import { nameOf, type Thread } from './thread.ts';

/** What a person wrote to the run. */
export interface Told {
  readonly seq: number;
  readonly text: string;
  readonly by: string | null;
}

/** What came of asking the model. */
export type ModelOutcome =
  | ({ readonly kind: 'answer' } & KeptReply)
  /** Nothing was asked, because the conversation has to be made shorter first. */
  | { readonly kind: 'crowded'; readonly how: 'shorten' | 'summarise' }
  | { readonly kind: 'over-budget'; readonly over: OverBudget }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** What the step keeps. `late` came while the model answered, where that may be the end. */
export interface ModelRecord {
  /** The run that made it; another one where this run is a fork. */
  readonly runId: string;
  readonly told: readonly Told[];
  readonly late: readonly Told[];
  readonly outcome: ModelOutcome;
}

export interface Question {
  readonly purpose: 'turn' | 'wrap-up' | 'compact';
  /** The messages to send, given what people have written in the meantime. */
  readonly messages: (told: readonly Told[]) => readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly toolChoice?: ModelCall['toolChoice'];
  /** Asked although the conversation is near its end already. */
  readonly anyLength?: boolean;
}

const passing = new Set<ErrorCode>([
  'MODEL_KEY_REFUSED',
  'MODEL_UNKNOWN',
  'MODEL_RATE_LIMITED',
  'MODEL_UNAVAILABLE',
  'MODEL_TOO_LONG',
  'MODEL_REPLY_INVALID',
  'MODEL_REFUSED',
  'OUTGOING_FAILED',
  'OUTGOING_REFUSED',
]);

const longestMessage = 20_000;
const mostTold = 50;

/**
 * Asks the model once, as a recorded step: a replay reads the record and pays nothing. What the model fails with is an
 * outcome as well, so that the run can ask what to do in place of failing.
 */
export async function modelStep(thread: Thread, question: Question): Promise<ModelRecord> {
  const { ctx } = thread;
  const record = await ctx.step(nameOf(thread, 'model'), async (step): Promise<ModelRecord> => {
    const { runId } = step.owner;
    const told = await hear(step, thread.heard);
    const messages = question.messages(told);
    const how = question.anyLength ? null : crowded(thread, messages);
    if (how) return { runId, told, late: [], outcome: { kind: 'crowded', how } };
    const outcome = await complete(thread, step, question, messages);
    const late = mayEnd(thread, question, outcome) ? await hear(step, told.at(-1)?.seq ?? thread.heard) : [];
    return { runId, told, late, outcome };
  });
  if (record.runId === ctx.run.id) return record;
  return { ...record, told: record.told.map(uncounted), late: record.late.map(uncounted) };
}

/** Messages of the run that this one was forked from: its own are counted from 1 again. */
function uncounted(told: Told): Told {
  return { ...told, seq: 0 };
}

/** Whether the agent may end with this: what people wrote meanwhile is not to be lost. Else it hears them at its next turn. */
function mayEnd({ request }: Thread, { purpose }: Question, outcome: ModelOutcome): boolean {
  if (outcome.kind !== 'answer' || purpose !== 'turn') return false;
  const calls = outcome.parts.filter((part) => part.kind === 'tool-call');
  return calls.length === 0 || calls.some(({ tool }) => tool === request.output?.tool.model.name);
}

async function hear(step: StepContext, after: number): Promise<Told[]> {
  const messages = (await step.received('message', after)).slice(0, mostTold);
  const told = messages.map(({ seq, payload, by }) => ({ seq, by, text: textOf(payload) }));
  for (const { text, by } of told) step.emit({ type: 'told', data: { text, by } });
  return told;
}

function textOf(payload: unknown): string {
  const inner = typeof payload === 'object' && payload !== null && 'text' in payload ? payload.text : payload;
  const text = typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? '');
  return text.slice(0, longestMessage).replaceAll('\0', '\u{fffd}').toWellFormed();
}

async function complete(
  thread: Thread,
  step: StepContext,
  { purpose, tools, toolChoice }: Question,
  messages: readonly ModelMessage[],
): Promise<ModelOutcome> {
  const { request, beginning, payer } = thread;
  const said = openSaid(step, thread.name, thread.calls);
  try {
    const reply = await request.gateway.complete({
      model: beginning.info.model,
      ...(request.fallbacks && { fallbacks: request.fallbacks }),
      ...(request.script !== undefined && { script: request.script }),
      ...(request.effort && purpose !== 'compact' && { effort: request.effort }),
      ...(tools.length > 0 && { tools, ...(toolChoice && { toolChoice }) }),
      messages,
      maxOutputTokens: outputTokens(beginning.info.maxOutputTokens),
      turn: thread.calls,
      agent: thread.name,
      signal: step.signal,
      ...(purpose !== 'compact' && { onDelta: said.add, onRestart: said.restart }),
      payer,
      owner: step.owner,
      purpose,
    });
    if (reply.kind === 'over-budget') return { kind: 'over-budget', over: reply.over };
    if (purpose !== 'compact') said.end(reply.parts);
    tell(thread, step, purpose, reply);
    return { kind: 'answer', ...keepReply(reply) };
  } catch (thrown) {
    step.signal.throwIfAborted();
    const error = toGantryError(thrown);
    if (!(thrown instanceof GantryError) || !passing.has(error.code)) throw thrown;
    return { kind: 'failed', code: error.code, message: error.message };
  } finally {
    said.stop();
  }
}

function tell(thread: Thread, step: StepContext, purpose: string, reply: ModelAnswer): void {
  const { input, cacheRead, output } = reply.tokens;
  // What it does is the first word of its name; which step or round it is at would make a series of each.
  const [role = ''] = thread.name.split(' ', 1);
  if (!reply.fromCache) metrics.agentAnswered(thread.ctx.run.capability, role, reply.durationMs / 1000);
  step.emit({
    type: 'model',
    data: {
      agent: thread.name,
      turn: thread.calls,
      purpose,
      model: reply.model,
      inputTokens: input,
      cachedTokens: cacheRead,
      outputTokens: output,
      usd: reply.usd,
      fromCache: reply.fromCache,
      finish: reply.finish,
      durationMs: Math.round(reply.durationMs),
    },
  });
}

/** Whether what the model failed with may pass by itself. */
export function mayPass(code: ErrorCode): boolean {
  return errorTable[code].outlook === 'retry';
}
