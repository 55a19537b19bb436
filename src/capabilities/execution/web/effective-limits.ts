import type { LimitTable } from '../limits-route.ts';

/** The limits that a program runs under: what was asked for, what its language needs, or the usual. */
export function effectiveLimits(
  table: LimitTable | undefined,
  language: string,
  asked: Readonly<Record<string, number>> = {},
): Record<string, number> {
  if (!table) return { ...asked };
  const own: Readonly<Record<string, number>> = table.languages[language] ?? {};
  const limits = Object.fromEntries(
    Object.entries(table.limits).map(([name, { usual }]) => [name, asked[name] ?? own[name] ?? usual]),
  );
  // Who raises only the wall time gets as much CPU time.
  const { wallMs = 0, cpuMs = 0 } = limits;
  return { ...limits, cpuMs: asked['cpuMs'] ?? Math.max(cpuMs, wallMs) };
}
