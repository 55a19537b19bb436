/** Where a run stands. Without zod, which pages need not load to name these. */
export const runStatuses = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'dead',
] as const;
export type RunStatus = (typeof runStatuses)[number];
