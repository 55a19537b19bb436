import { send } from '../api/client.ts';

/** Ends this browser's sign-in and leaves nothing of the person in the page. */
export async function signOut(): Promise<void> {
  await send('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  location.assign('/sign-in');
}
