import { type ErrorCode, GantryError } from '../../../base/errors.ts';
import { readFailure, type Failure } from './read-failure.ts';

export interface FailureContext {
  /** As people call the provider. */
  readonly provider: string;
  readonly model: string;
  readonly apiKey: string | undefined;
  /** What to set when the key is refused. */
  readonly keyName: string;
}

const longestShown = 300;
const noMoney = /insufficient[_ ](quota|balance|credit|funds)|credit balance is too low|billing/i;
const keyWrong =
  /api[_ -]?key[_ ](not valid|invalid|expired)|invalid[_ ](api[_ ]?key|x-api-key)|API_KEY_INVALID/i;
const unknownModel =
  /model[_ ]?not[_ ]?(found|exist)|no such model|is not a valid model|unknown model|model .{0,120}(does not|doesn't) exist/i;
const tooLong =
  /context[_ ](length|window)|prompt is too long|maximum context|too many (input )?tokens|token count.{0,40}exceeds|exceeds? the (maximum|available|model).{0,40}(token|context|length)|request_too_large|reduce the length/i;

/**
 * The error of the model port for what came of a call in place of a reply. Neither message nor cause holds the key, or
 * more of what the provider sent than one line.
 */
export function failureOf(thrown: unknown, context: FailureContext): GantryError {
  const own = findOwn(thrown);
  if (own) return own;
  const failure = readFailure(thrown);
  const said = scrub(failure.said, context.apiKey).replaceAll(/\s+/g, ' ').trim().slice(0, longestShown);
  const { code, message } = judge(failure, context);
  const quote = said ? ` It says: ${said}` : '';
  return new GantryError(code, `${message}${quote}`, {
    cause: new Error(scrub(`${failure.kind}${failure.status ? ` ${failure.status}` : ''}`, context.apiKey)),
    ...(failure.retryAfterSeconds !== undefined && { retryAfterSeconds: failure.retryAfterSeconds }),
  });
}

/** What a guard of ours threw comes back wrapped in the SDK's errors. */
function findOwn(thrown: unknown): GantryError | undefined {
  let error = thrown;
  for (let depth = 0; depth < 8 && error instanceof Error; depth += 1) {
    if (error instanceof GantryError) return error;
    error = error.cause;
  }
  return undefined;
}

function judge(
  failure: Failure,
  context: FailureContext,
): { readonly code: ErrorCode; readonly message: string } {
  const { provider, model, keyName } = context;
  const { status, words } = failure;
  if (failure.isGarbage) {
    return { code: 'MODEL_REPLY_INVALID', message: `${provider} sent a reply that cannot be understood.` };
  }
  if (status === 402 || noMoney.test(words)) {
    return {
      code: 'MODEL_KEY_REFUSED',
      message: `The account at ${provider} has no credit left; add some there.`,
    };
  }
  if (status === 401 || status === 403 || (isRefusal(status) && keyWrong.test(words))) {
    return { code: 'MODEL_KEY_REFUSED', message: `${provider} does not accept the key. Check ${keyName}.` };
  }
  if (status === 413 || (isRefusal(status) && tooLong.test(words))) {
    return { code: 'MODEL_TOO_LONG', message: `The conversation is longer than ${model} takes.` };
  }
  if (status === 404 || (isRefusal(status) && unknownModel.test(words))) {
    return {
      code: 'MODEL_UNKNOWN',
      message: `${provider} knows no model "${model}" at the address asked; check the name, and the base URL if one is set.`,
    };
  }
  if (status === 429) return { code: 'MODEL_RATE_LIMITED', message: `${provider} asks to wait.` };
  if (isRefusal(status)) {
    return { code: 'MODEL_REPLY_INVALID', message: `${provider} does not take the request (${status}).` };
  }
  if (status)
    return { code: 'MODEL_UNAVAILABLE', message: `${provider} has a problem of its own (${status}).` };
  return { code: 'MODEL_UNAVAILABLE', message: `${provider} could not be reached, or broke off.` };
}

/** The provider found fault with the request; 408 and 409 pass by themselves. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409;
}

function scrub(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, '[key]') : text;
}
