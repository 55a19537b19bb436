import { z } from 'zod';
import { prioritySchema, runSummarySchema } from './run.ts';

/** Something that is not as it should be. `degraded` means that runs go on all the same. */
export const findingSchema = z.object({
  code: z.enum([
    'workers-none',
    'workers-draining',
    'worker-lost',
    'worker-silent',
    'intake-paused',
    'queue-full',
    'queue-slow',
    'no-worker-offers',
    'dead-letters',
  ]),
  severity: z.enum(['down', 'degraded', 'note']),
  text: z.string().describe('What is wrong, and what Gantry did about it.'),
  at: z.iso.datetime().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Runs under way, by priority or by capability. `oldestSeconds` is the wait of the oldest that is queued. */
const queueFields = {
  queued: z.int(),
  running: z.int(),
  waiting: z.int(),
  oldestSeconds: z.number().nullable(),
  limit: z.int().nullable().describe('Runs worked on at once, where there is such a limit.'),
};

export const queuesSchema = z.object({
  priorities: z.array(z.object({ priority: prioritySchema, ...queueFields })),
  capabilities: z.array(z.object({ capability: z.string(), ...queueFields })),
  waiting: z
    .object({ person: z.int(), timer: z.int(), child: z.int() })
    .describe('What the waiting runs wait for; the longest waiting 5,000 are looked at.'),
  unmet: z
    .array(z.object({ needs: z.string(), queued: z.int(), oldestSeconds: z.number() }))
    .describe('What queued runs need and no live worker offers.'),
  limits: z.object({ running: z.int(), perUser: z.int(), perRepository: z.int(), queued: z.int() }),
});
export type Queues = z.infer<typeof queuesSchema>;

/** An hour. Waits are of a sample of the runs that ended in it. */
const bucketSchema = z.object({
  from: z.iso.datetime(),
  started: z.int(),
  finished: z.int(),
  failed: z.int().describe('Of those that were started in this hour: failed or dead.'),
  waitP50Ms: z.number().nullable(),
  waitP95Ms: z.number().nullable(),
});
export type Bucket = z.infer<typeof bucketSchema>;

export const overviewSchema = z.object({
  at: z.iso.datetime(),
  state: z.enum(['healthy', 'degraded', 'down']),
  findings: z.array(findingSchema).describe('The gravest first; none when all is well.'),
  slots: z.object({ all: z.int(), busy: z.int() }),
  workers: z.object({ live: z.int(), all: z.int() }),
  queued: z.int(),
  running: z.int(),
  waiting: z.int(),
  waitingForPerson: z.int(),
  dead: z.int().describe('Those that nobody has retried, counted up to 10,000.'),
  retentionDays: z.int(),
  oldestSeconds: z.number().nullable(),
  sandboxStart: z.object({ p50Ms: z.number(), p95Ms: z.number() }).nullable(),
  wait: z.object({ p50Ms: z.number(), p95Ms: z.number() }).nullable().describe('Of the last hour.'),
  hours: z.array(bucketSchema).describe('The last 24, the oldest first.'),
});
export type Overview = z.infer<typeof overviewSchema>;

/** A dead run; `retriedAs` is the run that does it again. */
export const deadLetterSchema = runSummarySchema.extend({ retriedAs: z.uuid().nullable() });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

const tableSizeSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  rows: z.number().describe("PostgreSQL's own estimate."),
});

export const databaseSchema = z.object({
  kind: z.enum(['embedded', 'external']),
  version: z.string(),
  bytes: z.number(),
  tables: z.array(tableSizeSchema),
  connections: z.object({ used: z.int(), limit: z.int(), own: z.int() }),
  migrations: z.object({ applied: z.int(), known: z.int(), latest: z.string().nullable() }),
  oldestRun: z.iso.datetime().nullable(),
  retention: z.object({
    days: z.int().describe('0 keeps everything.'),
    due: z.int().describe('Runs that are too old now; counted up to 10,000.'),
    next: z.iso.datetime().nullable().describe('When the next one is too old.'),
  }),
  lastBackup: z
    .object({ at: z.iso.datetime(), file: z.string(), bytes: z.number(), version: z.string() })
    .nullable(),
});
export type DatabaseView = z.infer<typeof databaseSchema>;

export const retentionRunSchema = z.object({
  deleted: z.int(),
  more: z.boolean().describe('There is more that is too old; ask again.'),
});
export type RetentionRun = z.infer<typeof retentionRunSchema>;

/** One thing that was looked at. `gap` is weaker or less than it could be; `missing` keeps Gantry from working as configured. */
export const checkSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'gap', 'missing']),
  detail: z.string(),
  remedy: z.string().optional().describe('What to do about it.'),
});
export type Check = z.infer<typeof checkSchema>;

export const doctorSchema = z.object({
  at: z.iso.datetime(),
  healthy: z.boolean(),
  checks: z.array(checkSchema),
});
export type DoctorReport = z.infer<typeof doctorSchema>;

const plain = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => !text.includes('\0'), 'must not hold NUL');
const moment = () => z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** What events can be looked for by, as it stands in an address. */
export const eventFilterSchema = z.strictObject({
  type: z
    .string()
    .max(400)
    .regex(/^[a-z.,-]*$/, 'must be names of types with commas between them')
    .transform((text) => text.split(',').filter((name) => name !== ''))
    .optional()
    .describe('One or several, with commas between them.'),
  run: z.uuid().optional(),
  capability: plain(100).optional(),
  by: plain(100).optional().describe('Id of the user whose runs.'),
  after: moment().optional().describe('Happened then or later: a time, or a day in UTC.'),
  before: moment().optional().describe('Happened earlier: a time, or a day in UTC.'),
  q: plain(200).optional().describe("Text in the run's title."),
});
export type EventFilterInput = z.input<typeof eventFilterSchema>;

/** An event with the run that it belongs to. */
export const foundEventSchema = z.object({
  runId: z.uuid(),
  seq: z.int(),
  at: z.iso.datetime(),
  type: z.string(),
  data: z.unknown(),
  run: z.object({ title: z.string(), capability: z.string(), userId: z.string().nullable() }),
});
export type FoundEvent = z.infer<typeof foundEventSchema>;

/** How much was looked at for an answer, and how far back that reached. */
export const lookedSchema = z.object({
  events: z.int(),
  runs: z.int(),
  to: z.iso.datetime().nullable().describe('Start of the oldest run that was looked at.'),
});
export type Looked = z.infer<typeof lookedSchema>;

export const eventPageSchema = z.object({
  items: z.array(foundEventSchema),
  next: z.string().nullable().describe('Goes back as `cursor`; null when everything was looked at.'),
  looked: lookedSchema,
});
export type EventPage = z.infer<typeof eventPageSchema>;

export const eventStatsSchema = z.object({
  types: z.array(z.object({ type: z.string(), count: z.int() })),
  complete: z.boolean().describe('False when there is more than was looked at.'),
  looked: lookedSchema,
});
export type EventStats = z.infer<typeof eventStatsSchema>;
