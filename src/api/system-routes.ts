import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import {
  databaseSchema,
  deadLetterSchema,
  doctorSchema,
  overviewSchema,
  queuesSchema,
  retentionRunSchema,
  type Check,
  type DoctorReport,
} from '../contract/system.ts';
import { workerSchema } from '../contract/worker.ts';
import type { System } from '../kernel/system/system.ts';
import type { RateLimit } from '../resources/rate-limit.ts';

const tag = 'system';

export interface SystemParts {
  readonly system: System;
  readonly rateLimit: RateLimit;
  /** Looks at all that Gantry needs of the server's machine; takes some seconds. */
  readonly examine: () => Promise<Check[]>;
}

/** How the house stands and what its admins do about it. */
export function systemRoutes({ system, rateLimit, examine }: SystemParts): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/system/overview',
      summary: 'Say how Gantry stands',
      description:
        'In one word, what is wrong and what was done about it, and the figures of the last 24 hours.',
      tag,
      role: 'admin',
      replies: { 200: overviewSchema },
      handle: async () => ({ body: await system.overview() }),
    }),
    route({
      method: 'GET',
      path: '/system/workers',
      summary: 'List the workers, and those lost within the last hour',
      tag,
      role: 'admin',
      replies: { 200: z.object({ items: z.array(workerSchema) }) },
      handle: async () => ({ body: { items: await system.workers() } }),
    }),
    drainRoute(system),
    route({
      method: 'GET',
      path: '/system/queues',
      summary: 'Show runs under way by priority and capability',
      tag,
      role: 'admin',
      replies: { 200: queuesSchema },
      handle: async () => ({ body: await system.queues() }),
    }),
    deadLettersRoute(system),
    route({
      method: 'GET',
      path: '/system/database',
      summary: 'Show what the database holds and how it stands',
      tag,
      role: 'admin',
      replies: { 200: databaseSchema },
      handle: async () => ({ body: await system.database() }),
    }),
    route({
      method: 'POST',
      path: '/system/retention/run',
      summary: 'Delete now the runs that are too old',
      description: 'For some seconds at most; `more` asks to call it again.',
      tag,
      role: 'admin',
      audit: { keep: [] },
      replies: { 200: retentionRunSchema },
      handle: async () => ({ body: await system.expire() }),
    }),
    doctorRoute(rateLimit, examine),
  ];
}

function drainRoute(system: System): ApiRoute {
  return route({
    method: 'POST',
    path: '/system/workers/:id/drain',
    summary: 'Let a worker begin no new runs, or go on',
    description: 'What it works on goes on. It drains until it is told otherwise or started again.',
    tag,
    role: 'admin',
    audit: { keep: ['drain'] },
    params: z.strictObject({ id: z.string().max(300) }),
    body: z.strictObject({ drain: z.boolean() }),
    replies: { 204: z.undefined() },
    handle: async ({ params, body }) => {
      await system.drain(params.id, body.drain);
      return { status: 204 };
    },
  });
}

function deadLettersRoute(system: System): ApiRoute {
  return route({
    method: 'GET',
    path: '/system/dead-letters',
    summary: 'List runs that failed on every attempt',
    description: 'The latest first. Those that somebody has retried are left out unless `all` is given.',
    tag,
    role: 'admin',
    query: pageQuerySchema.extend({
      capability: z.string().max(100).optional(),
      q: z
        .string()
        .max(200)
        .refine((text) => !text.includes('\0'), 'must not hold NUL')
        .optional()
        .describe('Text in the title or the error.'),
      all: z.enum(['true', 'false']).default('false'),
    }),
    replies: { 200: pageOf(deadLetterSchema) },
    handle: async ({ query: { q, all, cursor, ...query } }) => {
      if (cursor !== undefined && !isId(cursor)) throw unknownCursor();
      return { body: await system.deadLetters({ ...query, cursor, text: q, all: all === 'true' }) };
    },
  });
}

const looksPerMinute = 6;

/** Whoever asks while a look is under way gets its answer: it starts sandboxes, and one at a time is enough. */
function doctorRoute(rateLimit: RateLimit, examine: () => Promise<Check[]>): ApiRoute {
  let looking: Promise<DoctorReport> | undefined;
  const look = async (): Promise<DoctorReport> => {
    const checks = await examine();
    const healthy = checks.every(({ state }) => state !== 'missing');
    return { at: new Date().toISOString(), healthy, checks };
  };
  return route({
    method: 'GET',
    path: '/system/doctor',
    summary: 'Look at what this machine offers and what to do about each gap',
    description: `Takes some seconds: it runs probes. At most ${looksPerMinute} times a minute.`,
    tag,
    role: 'admin',
    replies: { 200: doctorSchema },
    handle: async ({ actor }) => {
      if (!looking) {
        const { allowed, resetSeconds } = await rateLimit.take(`doctor ${actor.userId}`, looksPerMinute);
        if (!allowed) {
          throw new GantryError('RATE_LIMITED', `Doctor was asked ${looksPerMinute} times in this minute.`, {
            retryAfterSeconds: resetSeconds,
          });
        }
        looking = look().finally(() => (looking = undefined));
      }
      return { body: await looking };
    },
  });
}

function unknownCursor(): GantryError {
  return new GantryError('INPUT_INVALID', 'The cursor is not one that a list gave out.', {
    problems: [{ path: 'cursor', message: 'unknown cursor' }],
  });
}
