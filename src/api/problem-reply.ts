import { GantryError, errorTable, type ErrorCode } from '../base/errors.ts';
import type { ProblemDetails } from '../contract/problem.ts';

export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDetails;
}

export const problemMediaType = 'application/problem+json';
const problemsShown = 50;
const retryAfterSeconds = 5;

/** Server errors whose message is written for the caller; that of any other could name internals and stays in the log. */
const shown: ReadonlySet<ErrorCode> = new Set(['QUEUE_FULL', 'SHUTTING_DOWN', 'SANDBOX_UNAVAILABLE']);

/** The answer to whatever was thrown: RFC 9457 problem details, without internals. */
export function problemReply(thrown: unknown, requestId?: string): ProblemReply {
  const error = asGantryError(thrown);
  const { status, title, outlook } = errorTable[error.code];
  const problems = error.problems.slice(0, problemsShown);
  const body = {
    type: `/docs/errors#${error.code}`,
    title,
    status,
    code: error.code,
    detail:
      status < 500 || shown.has(error.code)
        ? error.message
        : `${title}. The server's log says why, under the id of this request.`,
    ...(problems.length > 0 ? { problems } : {}),
    ...(requestId === undefined ? {} : { requestId }),
  };
  const wait =
    error.retryAfterSeconds ?? (status === 503 && outlook === 'retry' ? retryAfterSeconds : undefined);
  const headers = {
    'content-type': problemMediaType,
    'cache-control': 'no-store',
    ...(wait === undefined ? {} : { 'retry-after': String(Math.ceil(wait)) }),
    ...(error.code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer realm="gantry"' } : {}),
  };
  return { status, headers, body };
}

/** The web framework's own errors, in our words. */
const frameworkErrors: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', 'The body is larger than this server accepts. Send less.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'MEDIA_TYPE_UNSUPPORTED',
    'The body must be JSON. Send it with "Content-Type: application/json".',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: ['INPUT_INVALID', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['INPUT_INVALID', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['INPUT_INVALID', 'The address is not a valid URL: it holds a broken percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', 'There is nothing at this address.'],
};

export function asGantryError(thrown: unknown): GantryError {
  if (thrown instanceof GantryError) return thrown;
  const { code, statusCode } = thrown instanceof Error ? fieldsOf(thrown) : {};
  const known = code === undefined ? undefined : frameworkErrors[code];
  if (known) return new GantryError(known[0], known[1], { cause: thrown });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new GantryError('INPUT_INVALID', 'The request could not be read.', { cause: thrown });
  }
  return new GantryError('INTERNAL', 'Something unforeseen failed.', { cause: thrown });
}

function fieldsOf(error: Error & { code?: unknown; statusCode?: unknown }) {
  return {
    code: typeof error.code === 'string' ? error.code : undefined,
    statusCode: typeof error.statusCode === 'number' ? error.statusCode : undefined,
  };
}
