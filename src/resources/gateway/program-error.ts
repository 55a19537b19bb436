import { type ErrorCode, GantryError } from '../../base/errors.ts';

/** An error in OpenAI's form. */
export interface ProgramError {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param?: string | null;
  readonly retryAfterSeconds?: number | undefined;
}

/*
 * The words are ours: what a provider wrote names accounts and keys, which are none of a program's business. No status
 * but the endpoint's own 401 says "wrong key", for the program's own is right.
 */
const failures: Readonly<Partial<Record<ErrorCode, Omit<ProgramError, 'retryAfterSeconds'>>>> = {
  MODEL_UNKNOWN: row(404, 'invalid_request_error', 'model_not_found', 'There is no such model here.'),
  MODEL_TOO_LONG: row(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    'The messages are longer than the maximum context length of the model.',
  ),
  MODEL_RATE_LIMITED: row(429, 'requests', 'rate_limit_exceeded', 'The provider of the model asks to wait.'),
  MODEL_UNAVAILABLE: row(
    503,
    'server_error',
    'model_unavailable',
    'The model does not answer. Ask again later.',
  ),
  MODEL_REPLY_INVALID: row(502, 'server_error', 'reply_invalid', 'The model answered what it should not.'),
  MODEL_KEY_REFUSED: row(
    502,
    'server_error',
    'provider_refused',
    'The provider of the model refuses Gantry. Tell its operator.',
  ),
};
const unforeseen = row(500, 'server_error', null, 'Gantry failed to ask the model.');

/** What a program is told of an error. */
export function programErrorOf(error: unknown): ProgramError {
  if (!(error instanceof GantryError)) return unforeseen;
  return { ...(failures[error.code] ?? unforeseen), retryAfterSeconds: error.retryAfterSeconds };
}

export function invalid(message: string, param: string | null = null, status = 400): ProgramError {
  return { ...row(status, 'invalid_request_error', null, message), param };
}

/** The body in which OpenAI's clients look for an error. */
export function errorBody({ message, type, code, param = null }: ProgramError): unknown {
  return { error: { message, type, param, code } };
}

export function row(status: number, type: string, code: string | null, message: string): ProgramError {
  return { status, type, code, message };
}
