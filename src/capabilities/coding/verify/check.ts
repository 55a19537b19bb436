import type { CheckKind } from './verification.ts';

/** How the findings are read from what a check prints. */
export type CheckFormat =
  | 'ruff-json'
  | 'mypy-json'
  | 'eslint-json'
  | 'tsc'
  | 'semgrep-json'
  | 'bandit-json'
  | 'test-output'
  | 'text';

/** A program that proves something of the files. JSON, recorded. */
export interface Check {
  readonly kind: Exclude<CheckKind, 'review'>;
  /** `ruff`, `npm test`; unique in a session. */
  readonly name: string;
  /** For `/bin/sh -c`, from the repository's root or `cwd`. */
  readonly command: string;
  readonly cwd?: string;
  readonly format: CheckFormat;
  readonly timeoutMs: number;
  readonly from: 'detected' | '.gantry.yaml';
}
