/** Money for people: `$12.30`, and `$0.0042` where cents don't tell. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
}
