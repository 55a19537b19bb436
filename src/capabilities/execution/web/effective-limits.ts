import type { LimitTable } from '../limits-route.ts';
import type { ExecutionRun } from './queries.ts';

/** The limits that a program runs under: what was asked for, what its language needs, or the usual. */
export function effectiveLimits(
  table: LimitTable | undefined,
  language: string,
  asked: Readonly<Record<string, number>> = {},
  interactive = false,
): Record<string, number> {
  if (!table) return { ...asked };
  const own: Readonly<Record<string, number>> = table.languages[language] ?? {};
  const limits = Object.fromEntries(
    Object.entries(table.limits).map(([name, { usual }]) => [name, asked[name] ?? own[name] ?? usual]),
  );
  if (interactive) {
    const slow = Object.entries(table.interactive).map(([name, { usual }]) => [name, asked[name] ?? usual]);
    return { ...limits, ...Object.fromEntries(slow) };
  }
  // Who raises only the wall time gets as much CPU time.
  const { wallMs = 0, cpuMs = 0 } = limits;
  return { ...limits, cpuMs: asked['cpuMs'] ?? Math.max(cpuMs, wallMs) };
}

/** The limits that a run runs under. */
export function limitsOfRun(
  table: LimitTable | undefined,
  { input, output }: ExecutionRun,
): Record<string, number> {
  return effectiveLimits(table, output?.language ?? input.language, input.limits, input.interactive);
}
