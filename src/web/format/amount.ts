const number = new Intl.NumberFormat('en-US');

/** `1,284`. */
export function countText(count: number): string {
  return number.format(count);
}

/** `$0.18`; what was spent is never rounded to nothing: `$0.0004`. */
export function moneyText(usd: number): string {
  if (usd === 0) return '$0.00';
  if (usd >= 0.01)
    return `$${number.format(Number(usd.toFixed(2))).replace(/^(\d[\d,]*)(\.\d)?$/, (_all, whole: string, part?: string) => `${whole}${part ? `${part}0` : '.00'}`)}`;
  return `$${usd.toPrecision(1)}`;
}

/** `41.2 k`, `3.1 M`: tokens and other large counts. */
export function shortCountText(count: number): string {
  if (count < 10_000) return countText(count);
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)} k`;
  return `${(count / 1_000_000).toFixed(1)} M`;
}
