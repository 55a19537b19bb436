/** What the SDK threw, in plain facts. */
export interface Failure {
  /** The SDK's name of it. */
  readonly kind: string;
  readonly status: number | undefined;
  /** What the provider or the network says, for people. */
  readonly said: string;
  /** All that was said, machine-readable codes included, to tell kinds apart. */
  readonly words: string;
  readonly retryAfterSeconds: number | undefined;
  /** An answer came that isn't what the protocol says. */
  readonly isGarbage: boolean;
}

const longestWords = 4000;
const longestWait = 24 * 3600;
const garbage = /JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody|NoContentGenerated/;
const broken = /without a finish reason|terminated|aborted|socket|ECONN|EPIPE/i;

/** Reads an error of the SDK, or the error frame of a stream, which is whatever the provider wrote. */
export function readFailure(thrown: unknown): Failure {
  const error = asRecord(thrown);
  const kind = text(error['name']) || text(error['type']) || 'Error';
  const said = text(error['message']) || (typeof thrown === 'string' ? thrown : '');
  const cause = asRecord(error['cause']);
  const data = error['responseBody'] ?? error['data'] ?? thrown;
  const words = `${said} ${typeof data === 'string' ? data : codesOf(data)}`.slice(0, longestWords);
  const status = number(error['statusCode']) ?? statusOf(error);
  const isOkStatus = status !== undefined && status < 300;
  const isBroken = broken.test(`${said} ${text(cause['message'])} ${text(cause['code'])}`);
  return {
    kind,
    status: isOkStatus ? undefined : status,
    said: isOkStatus ? text(cause['message']) || said : said,
    words,
    retryAfterSeconds: retryAfter(asRecord(error['responseHeaders']), words),
    isGarbage: !isBroken && (garbage.test(kind) || (isOkStatus && garbage.test(text(cause['name'])))),
  };
}

/** The status that an error frame stands for: the number it names, or its type's. */
function statusOf(error: Readonly<Record<string, unknown>>): number | undefined {
  const code = number(error['code']) ?? number(error['status']);
  if (code !== undefined && code >= 400 && code < 600) return code;
  const words = codesOf(error);
  if (/overloaded|unavailable|server_error|api_error|internal/i.test(words)) return 503;
  if (/rate_limit|RESOURCE_EXHAUSTED/i.test(words)) return 429;
  if (/authentication|UNAUTHENTICATED/i.test(words)) return 401;
  if (/permission/i.test(words)) return 403;
  if (/not_found/i.test(words)) return 404;
  if (/invalid_request|INVALID_ARGUMENT|context_length/i.test(words)) return 400;
  return undefined;
}

/** The short fields of an error: its codes and types, without what it quotes. */
function codesOf(value: unknown): string {
  const error = asRecord(value);
  const inner = asRecord(error['error']);
  return ['code', 'type', 'status', 'reason', 'message']
    .flatMap((key) => [error[key], inner[key]])
    .filter((entry) => typeof entry === 'string' || typeof entry === 'number')
    .join(' ');
}

/** `retry-after` in seconds or as a date, OpenAI's `retry-after-ms`, Google's `"retryDelay": "13s"`; in seconds. */
function retryAfter(headers: Readonly<Record<string, unknown>>, words: string): number | undefined {
  const ms = Number.parseFloat(text(headers['retry-after-ms']));
  const plain = text(headers['retry-after']);
  const delay = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(words)?.[1];
  const seconds = [
    ms / 1000,
    plain === '' ? Number.NaN : Number(plain),
    (Date.parse(plain) - Date.now()) / 1000,
    Number(delay ?? Number.NaN),
  ].find((value) => Number.isFinite(value));
  return seconds === undefined ? undefined : Math.min(Math.max(Math.ceil(seconds), 0), longestWait);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value, ...ownOf(value) } : {};
}

/* Name, message and cause of an error aren't enumerable. */
function ownOf(value: object): Record<string, unknown> {
  return value instanceof Error ? { name: value.name, message: value.message, cause: value.cause } : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
