/** Where a run stands. */
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

/** A run in one of these never changes again; retry and fork make a new run. */
const terminalStatuses: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled', 'dead']);

export function isTerminal(status: RunStatus): boolean {
  return terminalStatuses.has(status);
}
