import { useEffect, useState } from 'react';
import type { Me } from '../api/me.ts';
import { enter } from '../sign-in/auth-client.ts';

/**
 * Begins anew when somebody else has signed in in another tab: what is shown and typed here is the first one's, and
 * what is sent from here would be the second one's act.
 */
export function useSamePerson({ userId }: Me): void {
  const [first] = useState(userId);
  useEffect(() => {
    if (userId !== first) enter('/');
  }, [userId, first]);
}
