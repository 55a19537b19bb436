import { z } from 'zod';

/** As of a worker's last beat. `load` is that of the last minute, of the whole machine. */
export const workerFiguresSchema = z.object({
  cores: z.int(),
  load: z.number(),
  rssBytes: z.number().describe('Memory of the process.'),
  memoryBytes: z.number().describe('Memory of the machine.'),
  freeBytes: z.number().describe('Memory of the machine that is free.'),
  sandboxStart: z
    .object({ p50Ms: z.number(), p95Ms: z.number() })
    .nullable()
    .describe('How long sandboxes took to be ready lately; null before the first.'),
});
export type WorkerFigures = z.infer<typeof workerFiguresSchema>;

const workerStates = ['working', 'idle', 'draining', 'lost'] as const;
export type WorkerState = (typeof workerStates)[number];

/** A worker as people see it; one that was lost stays for an hour. */
export const workerSchema = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  pid: z.int(),
  version: z.string().nullable(),
  state: z.enum(workerStates),
  slots: z.int(),
  busy: z.int(),
  capabilities: z.array(z.string()).nullable().describe('Null for a worker of an older version.'),
  offers: z
    .array(z.object({ capability: z.string(), name: z.string(), versions: z.array(z.string()) }))
    .describe('What it has that runs may need: languages, the newest version first.'),
  figures: workerFiguresSchema.nullable(),
  startedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  drainAt: z.iso.datetime().nullable().describe('Since when it takes no new runs.'),
  lost: z
    .object({
      at: z.iso.datetime(),
      how: z.enum(['died', 'stalled', 'silent']),
      runs: z.int().describe('Runs that it held.'),
      text: z.string().describe('What became of them, as a sentence.'),
    })
    .nullable(),
});
export type WorkerView = z.infer<typeof workerSchema>;
