import { z } from 'zod';

/** What use can be broken down by. */
export const usageGroups = ['day', 'capability', 'repository', 'user'] as const;
export type UsageGroup = (typeof usageGroups)[number];

const sums = {
  /** Runs that ended. */
  runs: z.int(),
  /** Those of them that failed or died. */
  failed: z.int(),
  wallMs: z.number(),
  cpuMs: z.number(),
  tokens: z.number(),
  usd: z.number(),
};

/** Days are UTC, both included. */
export const usageQuerySchema = z.strictObject({
  from: z.iso.date().optional().describe('First day, in UTC; 29 days before the last unless given.'),
  to: z.iso.date().optional().describe('Last day, in UTC; today unless given.'),
  by: z.enum(usageGroups).default('day'),
});

export const usageReportSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  by: z.enum(usageGroups),
  /** `key` is the day, the capability, the repository or the user's id; empty for no repository and no user. */
  items: z.array(z.object({ key: z.string(), ...sums })),
  total: z.object(sums),
});
export type UsageReport = z.infer<typeof usageReportSchema>;
export type UsageItem = UsageReport['items'][number];
