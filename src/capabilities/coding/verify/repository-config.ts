/** What `.gantry.yaml` of the base branch sets for sessions. JSON, recorded. */
export interface RepositoryConfig {
  /** A command, or false for none; what is not named is detected. */
  readonly checks: Readonly<Partial<Record<'lint' | 'types' | 'tests' | 'security', string | false>>>;
  /** Milliseconds for each check. */
  readonly checkTimeoutMs?: number;
  readonly review?: boolean;
  readonly pull?: 'draft' | 'ready';
}
