import type { Trigger } from './run.ts';
import type { Actor } from './user.ts';

/** What started a run that this person or key asked for. */
export function triggerOf(actor: Actor): Trigger {
  return actor.keyId === undefined
    ? { kind: 'user', userId: actor.userId }
    : { kind: 'key', userId: actor.userId, keyId: actor.keyId };
}
