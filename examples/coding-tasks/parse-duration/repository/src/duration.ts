const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a text such as "5m". */
export function parseDuration(text: string): number {
  const unit = text.at(-1) ?? '';
  return Number.parseInt(text) * (units[unit] ?? 1);
}
