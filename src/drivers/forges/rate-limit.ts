/* What GitHub asks to wait for when it doesn't say how long ("Best practices for using the REST API"). */
const unsaidSeconds = 60;

/**
 * For how many seconds the forge wants no further request; undefined when this is no refusal of that kind. The answer can
 * still be read. GitHub says it by 403 or 429 (primary limit: `x-ratelimit-remaining: 0`; secondary: `retry-after` or only
 * words), GitLab by 429.
 */
export async function waitSeconds(response: Response): Promise<number | undefined> {
  const { status, headers } = response;
  if (status !== 429 && status !== 403) return undefined;
  const after = headers.get('retry-after');
  if (after !== null) return atLeastOne(secondsOf(after, headers));
  if (headers.get('x-ratelimit-remaining') === '0' || status === 429) {
    const reset = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset');
    return reset === null ? unsaidSeconds : atLeastOne(Number(reset) - now(headers));
  }
  const words = (await response.clone().text()).slice(0, 10_000);
  return /secondary rate limit|abuse detection/i.test(words) ? unsaidSeconds : undefined;
}

/* Seconds or a date (RFC 9110). */
function secondsOf(text: string, headers: Headers): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Date.parse(text) / 1000 - now(headers);
}

/* By the forge's clock: ours may be wrong. */
function now(headers: Headers): number {
  const theirs = Date.parse(headers.get('date') ?? '');
  return (Number.isNaN(theirs) ? Date.now() : theirs) / 1000;
}

function atLeastOne(seconds: number): number {
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : unsaidSeconds;
}
