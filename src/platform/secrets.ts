import { GantryError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import { deriveKey } from '../resources/secrets/derive-key.ts';
import { openKeyRing, type KeyRing } from '../resources/secrets/key-ring.ts';
import { createRotation, type Rotation } from '../resources/secrets/rotation.ts';
import { sealingKey } from '../resources/secrets/sealing-key.ts';
import { createSecrets, type Secrets } from '../resources/secrets/secrets.ts';
import type { Database } from '../store/database.ts';

export interface SecretStore {
  readonly secrets: Secrets;
  readonly keys: KeyRing;
}

/** The secret store, with the keys that the configuration and the data directory give. */
export async function openSecrets(config: Config, db: Database): Promise<SecretStore> {
  const keys = await openKeyRing(config.dataDir, { current: config.masterKey, old: config.masterKeyOld });
  return { secrets: createSecrets(db, keys), keys };
}

/** What changes the master key; it goes on with a change that was left unfinished. */
export async function openRotation(
  db: Database,
  { keys }: SecretStore,
  logger: Logger,
  started: AsyncDisposableStack,
): Promise<Rotation> {
  const rotation = createRotation({ db, keys, logger });
  started.defer(() => rotation.close());
  await rotation.resume();
  return rotation;
}

const place = { scope: 'system', owner: 'sign-in' } as const;

/**
 * What signs the sign-in cookies. It is derived from the master key once and sealed like a secret from then on, so that
 * all servers have the same and a change of the master key signs nobody out.
 */
export async function cookieSecret(
  db: Database,
  { secrets, keys }: SecretStore,
  logger: Logger,
): Promise<string> {
  const derived = deriveKey(await sealingKey(db, keys), 'sign-in cookies').toString('base64');
  try {
    const kept = await secrets.openSecret(place, 'cookies');
    if (kept !== undefined) return kept;
    await secrets.putSecret(place, 'cookies', derived);
    return (await secrets.openSecret(place, 'cookies')) ?? derived;
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== 'SECRET_UNREADABLE') throw error;
    logger.warn({ err: error }, 'the secret of the sign-in cookies cannot be opened; people sign in again');
    return derived;
  }
}
