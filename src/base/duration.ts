import { GantryError } from './errors.ts';

const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizes: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Milliseconds of `250ms`, `5s`, `2m`, `1h`, `7d`; a bare number is milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim());
  if (!match)
    throw new GantryError('INPUT_INVALID', `"${text}" is no duration; write for example 500ms, 5s or 2m.`);
  return Math.round(Number(match[1]) * (factors[match[2] ?? 'ms'] ?? 1));
}

/** Bytes of `64M`, `1G`, `512K`, `100`; the units are binary (1K = 1024). */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)i?b?$/i.exec(text.trim());
  if (!match) throw new GantryError('INPUT_INVALID', `"${text}" is no size; write for example 64M or 1G.`);
  return Math.round(Number(match[1]) * (sizes[(match[2] ?? '').toLowerCase()] ?? 1));
}

/** `950 ms`, `3.2 s`, `4 m 5 s`, `2 h 3 m`: for people. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} m`;
}
