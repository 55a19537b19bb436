import { z } from 'zod';

export const checkKinds = ['lint', 'types', 'tests', 'security', 'review'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** Something that a check complains about. */
export const findingSchema = z.object({
  path: z.string().max(1000).nullable(),
  line: z.int().min(1).nullable(),
  /** Of a test that fails: its name. */
  rule: z.string().max(200).nullable(),
  message: z.string().max(2000),
  severity: z.enum(['error', 'warning']),
});
export type Finding = z.infer<typeof findingSchema>;

/** How many tests there are; what a program did not say is null. */
export const testCountsSchema = z.object({
  total: z.int().nullable(),
  failed: z.int(),
  skipped: z.int(),
});
export type TestCounts = z.infer<typeof testCountsSchema>;

export const checkResultSchema = z.object({
  kind: z.enum(checkKinds),
  /** `ruff`, `pytest`, `npm test`; unique in a verification. */
  name: z.string(),
  /** As it was run; null for what Gantry does itself. */
  command: z.string().nullable(),
  /**
   * `unavailable`: it could not run, which is no word on the code. `failing-before`: it fails, but no worse than before
   * the session's first change.
   */
  status: z.enum(['passed', 'failed', 'failing-before', 'unavailable']),
  summary: z.string().describe('One line: `3 of 41 tests fail`.'),
  /** What is new since the base first; at most 50, and at most 500 for the base itself. */
  findings: z.array(findingSchema),
  /** How many more there were. */
  more: z.int().optional(),
  tests: testCountsSchema.optional(),
  /** The end of what it printed, at most 8,000 characters. */
  output: z.string(),
  durationMs: z.number(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** What all checks of one attempt said. It passed when none failed; `unavailable` ones are named, never hidden. */
export const verificationSchema = z.object({
  passed: z.boolean(),
  checks: z.array(checkResultSchema),
});
export type Verification = z.infer<typeof verificationSchema>;
