/** A coding session that ended. */
export interface SessionReading {
  /** What came of it, or the status of its run. */
  readonly outcome: string;
  readonly seconds: number;
  readonly tokens: number;
  readonly commits: number;
  /** Tries that were verified. */
  readonly passed: number;
  readonly failed: number;
  /** Tries beyond the first of each step. */
  readonly retries: number;
  readonly pulls: readonly ('opened' | 'merged')[];
}
