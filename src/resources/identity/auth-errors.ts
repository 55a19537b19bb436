import { isAPIError } from 'better-auth/api';
import { GantryError, type ErrorCode } from '../../base/errors.ts';

const wrongPassword = new Set(['INVALID_EMAIL_OR_PASSWORD', 'INVALID_EMAIL', 'INVALID_PASSWORD']);
const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'INPUT_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
};

/** What better-auth threw, as one of our errors. */
export function explainAuthError(error: unknown): GantryError {
  if (error instanceof GantryError) return error;
  if (!isAPIError(error)) {
    return new GantryError('INTERNAL', 'The sign-in failed inside Gantry. Try again.', { cause: error });
  }
  if (wrongPassword.has(error.body?.code ?? '')) {
    return new GantryError('UNAUTHENTICATED', 'The e-mail address or the password is wrong.', {
      cause: error,
    });
  }
  return new GantryError(
    codes[error.statusCode] ?? 'INTERNAL',
    `The sign-in was refused: ${error.message}.`,
    {
      cause: error,
    },
  );
}
