/** `$0.42`, and `$0.0042` where cents would say nothing. */
export function formatUsd(amount: number): string {
  const digits = amount === 0 || Math.abs(amount) >= 0.1 ? 2 : 2 - Math.floor(Math.log10(Math.abs(amount)));
  return `$${amount.toFixed(Math.min(8, digits))}`;
}

export function formatTokens(amount: number): string {
  return `${Math.ceil(amount).toLocaleString('en')} tokens`;
}
