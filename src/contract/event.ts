import { z } from 'zod';
import { givenAnswerSchema } from './question.ts';
import { budgetSchema, prioritySchema, runErrorSchema, usageSchema } from './run.ts';

const step = { step: z.string(), ordinal: z.int() };

/** What can happen in a run: a closed union. `data` of each is what the page, the CLI and the tests fold. */
export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.queued'),
    data: z.object({ reason: z.enum(['started', 'woken', 'recovered', 'retrying', 'handed-over']) }),
  }),
  z.object({ type: z.literal('run.started'), data: z.object({ worker: z.string(), attempt: z.int() }) }),
  z.object({
    type: z.literal('run.waiting'),
    data: z.object({ for: z.string(), until: z.iso.datetime().nullable() }),
  }),
  z.object({ type: z.literal('run.cancelling'), data: z.object({ by: z.string().nullable() }) }),
  /** Somebody paused it: the step under way is finished, no new one begins. */
  z.object({ type: z.literal('run.pausing'), data: z.object({ by: z.string().nullable() }) }),
  z.object({ type: z.literal('run.resumed'), data: z.object({ by: z.string().nullable() }) }),
  z.object({
    type: z.literal('run.priority'),
    data: z.object({ priority: prioritySchema, by: z.string().nullable() }),
  }),
  /** Somebody set what it may use; `budget` is the whole of it now. */
  z.object({
    type: z.literal('run.budget'),
    data: z.object({ budget: budgetSchema, by: z.string().nullable() }),
  }),
  z.object({ type: z.literal('run.succeeded'), data: z.object({ usage: usageSchema }) }),
  z.object({ type: z.literal('run.failed'), data: z.object({ error: runErrorSchema }) }),
  z.object({ type: z.literal('run.cancelled'), data: z.object({ by: z.string().nullable() }) }),
  z.object({ type: z.literal('run.dead'), data: z.object({ error: runErrorSchema }) }),
  z.object({ type: z.literal('step.started'), data: z.object({ ...step, attempt: z.int() }) }),
  z.object({
    type: z.literal('step.retrying'),
    data: z.object({ ...step, attempt: z.int(), error: runErrorSchema, delayMs: z.int() }),
  }),
  z.object({ type: z.literal('step.succeeded'), data: z.object({ ...step, durationMs: z.number() }) }),
  z.object({
    type: z.literal('step.failed'),
    data: z.object({ ...step, error: runErrorSchema, durationMs: z.number() }),
  }),
  z.object({
    type: z.literal('signal.received'),
    data: z.object({
      name: z.string(),
      by: z.string().nullable(),
      /** When it answers a question. */
      answer: givenAnswerSchema.optional(),
    }),
  }),
  z.object({
    type: z.literal('child.started'),
    data: z.object({ ...step, runId: z.uuid(), capability: z.string() }),
  }),
  /** What a program wrote. `text` is UTF-8 as it came, control sequences included: whoever shows it makes it inert. */
  z.object({
    type: z.literal('output'),
    data: z.object({ stream: z.enum(['stdout', 'stderr']), text: z.string(), stage: z.string().optional() }),
  }),
  /** What a program uses while it runs, now and then; the last figures are in the run's output. */
  z.object({
    type: z.literal('usage'),
    data: z.object({
      wallMs: z.number(),
      cpuMs: z.number(),
      memoryBytes: z.number(),
      peakMemoryBytes: z.number(),
      limits: z.object({ wallMs: z.number(), cpuMs: z.number(), memoryBytes: z.number() }),
      stage: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal('log'),
    data: z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() }),
  }),
  /** The workspace is ready: what it is of, how it was made, and how long that took. */
  z.object({
    type: z.literal('workspace'),
    data: z.object({
      repository: z.string(),
      branch: z.string().nullable(),
      commit: z.string().nullable(),
      checkpoint: z.string().nullable(),
      from: z.enum(['clone', 'mirror', 'snapshot']),
      durationMs: z.number(),
      dependencies: z.array(
        z.object({ name: z.string(), from: z.enum(['snapshot', 'install', 'none']), durationMs: z.number() }),
      ),
    }),
  }),
  /** What the proxy decided on a connection of a step that may reach the network. */
  z.object({
    type: z.literal('egress'),
    data: z.object({
      host: z.string(),
      port: z.int(),
      allowed: z.boolean(),
      reason: z.string(),
      bytesIn: z.number().optional(),
      bytesOut: z.number().optional(),
      /** How many connections that were alike this tells of; one without it. */
      times: z.int().optional(),
    }),
  }),
  /**
   * A piece of what the model writes, as it arrives; the pieces of a turn, joined, are the whole. `again`: what it said
   * in this turn so far counts no more, because the call had to be made again.
   */
  z.object({
    type: z.literal('said'),
    data: z.object({
      agent: z.string(),
      turn: z.int(),
      kind: z.enum(['text', 'reasoning']),
      text: z.string(),
      again: z.boolean().optional(),
    }),
  }),
  /** A model was asked. A call that was made again after a crash is told of again. */
  z.object({
    type: z.literal('model'),
    data: z.object({
      agent: z.string(),
      turn: z.int(),
      purpose: z.string(),
      model: z.string(),
      inputTokens: z.int(),
      cachedTokens: z.int(),
      outputTokens: z.int(),
      usd: z.number().nullable(),
      fromCache: z.boolean(),
      finish: z.string(),
      durationMs: z.number(),
    }),
  }),
  /** The model calls a tool. `title` says in a few words on what; `input` is cut to what can be shown. */
  z.object({
    type: z.literal('tool.called'),
    data: z.object({
      agent: z.string(),
      turn: z.int(),
      callId: z.string(),
      tool: z.string(),
      title: z.string(),
      input: z.string(),
    }),
  }),
  z.object({
    type: z.literal('tool.answered'),
    data: z.object({
      agent: z.string(),
      turn: z.int(),
      callId: z.string(),
      tool: z.string(),
      failed: z.boolean(),
      /** What the model gets to read, cut to what can be shown. */
      text: z.string(),
      durationMs: z.number(),
      checkpoint: z.string().nullable(),
      changes: z.array(
        z.object({
          path: z.string(),
          status: z.enum(['added', 'modified', 'deleted']),
          added: z.int().nullable(),
          removed: z.int().nullable(),
        }),
      ),
    }),
  }),
  /** The agent's plan, whole, each time it changes. */
  z.object({
    type: z.literal('plan'),
    data: z.object({
      agent: z.string(),
      items: z.array(z.object({ text: z.string(), status: z.enum(['open', 'doing', 'done', 'dropped']) })),
    }),
  }),
  /** What somebody wrote to the run while it worked. */
  z.object({ type: z.literal('told'), data: z.object({ text: z.string(), by: z.string().nullable() }) }),
  /**
   * The story is at this phase. `failed`: it came to an end without what it was to reach, and the story goes on elsewhere.
   * `coming`: phases that are expected after it, in order.
   */
  z.object({
    type: z.literal('progress'),
    data: z.object({
      phase: z.string(),
      message: z.string().optional(),
      failed: z.boolean().optional(),
      coming: z.array(z.string()).optional(),
    }),
  }),
  /** What the story stands at: the whole value that it has under this key from now on. Its shape is the capability's. */
  z.object({ type: z.literal('state'), data: z.object({ key: z.string(), value: z.json() }) }),
]);
export type EventBody = z.infer<typeof eventBodySchema>;
export type EventType = EventBody['type'];

/** An event as it is stored and streamed; `seq` counts from 1 in each run without gaps. */
export const eventSchema = z.intersection(
  z.object({ runId: z.uuid(), seq: z.int(), at: z.iso.datetime() }),
  eventBodySchema,
);
export type Event = { runId: string; seq: number; at: string } & EventBody;
