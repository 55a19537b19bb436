import type { Workspace } from '../../../resources/workspace/workspace.ts';
import { checkChange, type Change } from './change/check-change.ts';
import type { Check } from './check.ts';
import { checkResult } from './check-result.ts';
import { runPrograms, type Program } from './run-programs.ts';
import type { CheckResult } from './verification.ts';

export interface RunChecksOptions {
  readonly signal: AbortSignal;
  /** What is proven; without it only the repository's own checks run. */
  readonly changed?: Change;
  /** What a check prints, as it comes: at most `longestLive` characters of each. */
  readonly onOutput?: (check: string, text: string) => void;
}

const longestLive = 64_000;
const KiB = 1024;

/** No colours, no questions, no look at the network; what they keep of their own lies where it does not count. */
const environment: Readonly<Record<string, string>> = {
  CI: '1',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
  TERM: 'dumb',
  COLUMNS: '200',
  LC_ALL: 'C.UTF-8',
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  GIT_TERMINAL_PROMPT: '0',
  GOTOOLCHAIN: 'local',
  GOPROXY: 'off',
  CARGO_NET_OFFLINE: 'true',
  CARGO_TERM_COLOR: 'never',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
};

/**
 * Runs all checks side by side in the workspace, which they may change: what they leave is for nobody. A check that
 * complains, hangs or takes too much is `failed`, one that can't be started here `unavailable`; nothing that a repository
 * does makes this throw. With `changed`, Gantry's own look at the change is the first result.
 */
export async function runChecks(
  workspace: Workspace,
  checks: readonly Check[],
  { signal, changed, onOutput }: RunChecksOptions,
): Promise<CheckResult[]> {
  const own = changed ? [await checkChange(workspace, changed)] : [];
  const live = onOutput && bounded(onOutput);
  const outcomes = await runPrograms(workspace, checks.map(programOf), {
    ...{ signal, env: environment, onOutput: live },
  });
  return [
    ...own,
    ...checks.flatMap((check, index) => {
      const outcome = outcomes[index];
      return outcome ? [checkResult(check, outcome)] : [];
    }),
  ];
}

function programOf({ name, command, cwd, timeoutMs, format }: Check): Program {
  const isJson = format.endsWith('-json');
  const keep = isJson ? { head: 2048 * KiB, tail: 16 * KiB } : { head: 256 * KiB, tail: 256 * KiB };
  return { name, command, ...(cwd !== undefined && { cwd }), timeoutMs, keep };
}

function bounded(onOutput: (check: string, text: string) => void): (check: string, text: string) => void {
  const shown = new Map<string, number>();
  return (check, text) => {
    const before = shown.get(check) ?? 0;
    shown.set(check, before + text.length);
    const part = text.slice(0, Math.max(0, longestLive - before)).toWellFormed();
    if (part !== '') onOutput(check, part);
    if (before < longestLive && before + text.length >= longestLive)
      onOutput(check, '\n[more output is not shown]\n');
  };
}
