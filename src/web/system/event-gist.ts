/** What an event says, in one line of plain text. */
export function gistOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return oneLine(String(data ?? ''));
  const record = data as Readonly<Record<string, unknown>>;
  if (typeof record['text'] === 'string') return oneLine(record['text']);
  if (typeof record['message'] === 'string') return oneLine(record['message']);
  const error = record['error'];
  if (typeof error === 'object' && error !== null && 'message' in error)
    return oneLine(String(error.message));
  const parts = Object.entries(record).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return oneLine(parts.join(', '));
}

/* Control and bidirectional characters of a stranger would change the line around them. */
function oneLine(text: string): string {
  return text
    .slice(0, 300)
    .replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
}
