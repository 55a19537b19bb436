import { z } from 'zod';
import { route, type ApiRoute } from '../../contract/api.ts';
import type { Language } from './languages/language.ts';
import type { HouseLimits } from './house-limits.ts';
import { bounds, interactiveBounds, outputBounds, programLimitsSchema } from './limits.ts';

const boundSchema = z.object({
  least: z.int(),
  usual: z.int().describe('Holds unless a request or the language says otherwise.'),
  most: z.int(),
  what: z.string(),
});
const name = z.enum(programLimitsSchema.keyof().options);

const limitTableSchema = z.object({
  limits: z.partialRecord(name, boundSchema),
  interactive: z.partialRecord(name, boundSchema).describe('What differs for interactive programs.'),
  languages: z
    .record(z.string(), z.partialRecord(name, z.int()))
    .describe('What holds instead for programs of languages that need more to start.'),
  output: z
    .object({ files: boundSchema, fileBytes: boundSchema, bytes: boundSchema })
    .describe('What is kept of the files that a program leaves.'),
});
export type LimitTable = z.infer<typeof limitTableSchema>;
export type LimitName = z.infer<typeof name>;

/** Says what limits there are, so that nobody has to try. */
export function limitsRoute(table: readonly Language[], house: () => HouseLimits): ApiRoute {
  return route({
    method: 'GET',
    path: '/executions/limits',
    summary: 'List the limits of programs, with what holds unless given and the most that can be asked for',
    tag: 'executions',
    role: 'viewer',
    replies: { 200: limitTableSchema },
    handle: async () => {
      const own = table.flatMap(({ name, limits }) => (limits ? [[name, limits] as const] : []));
      return {
        body: {
          limits: boundsOf(house()),
          interactive: interactiveBounds,
          languages: Object.fromEntries(own),
          output: outputBounds,
        },
      };
    },
  });
}

/** The bounds as the admins have set them. */
function boundsOf(house: HouseLimits) {
  const { executionWallMs, executionWallMsMost, executionMemoryBytes, executionMemoryBytesMost } = house;
  return {
    ...bounds,
    wallMs: { ...bounds.wallMs, usual: executionWallMs, most: executionWallMsMost },
    memoryBytes: { ...bounds.memoryBytes, usual: executionMemoryBytes, most: executionMemoryBytesMost },
  };
}
