import { z } from 'zod';

/** What the server found when it started. `passed` counts the probes of the sandbox that the kernel enforces. */
export const readinessSchema = z.object({
  database: z.object({ kind: z.enum(['embedded', 'external']), version: z.string() }),
  sandbox: z
    .object({
      driver: z.string(),
      passed: z.int(),
      probes: z.int(),
      gaps: z.array(z.object({ what: z.string(), remedy: z.string() })),
    })
    .nullable()
    .describe('Null for a server without a worker of its own: others run the programs.'),
});
export type Readiness = z.infer<typeof readinessSchema>;

export const instanceSchema = z.object({
  version: z.string(),
  hasAdmin: z.boolean().describe('False until an admin has chosen a password.'),
  openRegistration: z.boolean().describe('True when anyone may sign up, as a viewer.'),
  ready: readinessSchema.nullable().describe('For admins only.'),
});
export type Instance = z.infer<typeof instanceSchema>;
