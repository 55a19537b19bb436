/** US dollars as typed: `5`, `0.50`, `1,000`; null when empty, undefined when it is no amount above 0. */
export function readUsd(text: string): number | null | undefined {
  const plain = text.trim().replace(/^\$/, '').replaceAll(',', '');
  if (plain === '') return null;
  if (!/^\d+(\.\d{1,6})?$/.test(plain)) return undefined;
  const amount = Number(plain);
  return amount > 0 && amount <= 1_000_000 ? amount : undefined;
}

/** A count of tokens as typed: `500000`, `500,000`, `500 k`, `2M`; null when empty, undefined when it is none. */
export function readTokens(text: string): number | null | undefined {
  const plain = text.trim().replaceAll(/[,\s_]/g, '');
  if (plain === '') return null;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([kKmM]?)$/.exec(plain) ?? [];
  if (digits === undefined) return undefined;
  const factor = unit === '' ? 1 : unit.toLowerCase() === 'k' ? 1000 : 1_000_000;
  const count = Number(digits) * factor;
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
