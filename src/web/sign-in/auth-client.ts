import type { User } from '../../contract/user.ts';
import { problemOf, send } from '../api/client.ts';

type Operation = 'sign-in/email' | 'sign-in/link' | 'sign-up/email' | 'change-password';

/** One request to `/api/auth`, where cookies are set and taken back. Throws ApiError. */
export async function callAuth(operation: Operation, body: unknown): Promise<{ user: User | null }> {
  const response = await send(`/api/auth/${operation}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as { user: User | null };
}

/** Goes on as another person than before: nothing of what was on the page may stay. */
export function enter(path: string): void {
  location.replace(path);
}

/** Lengthens a sign-in that is in use; where that fails, the next request says why. */
export function keepSignedIn(): void {
  send('/api/auth/get-session', {}).catch(() => undefined);
}
