import { betterAuth } from 'better-auth/minimal';
import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import { passwordLength } from '../../contract/password.ts';
import type { Database } from '../../store/database.ts';
import { authStorage } from './auth-storage.ts';
import { signInPlugin } from './sign-in-plugin.ts';

export const clientAddressHeader = 'x-gantry-client';

interface AuthOptions {
  readonly database: Database;
  readonly secret: Buffer | string;
  readonly baseUrl: string;
  readonly logger: Logger;
}

export type Auth = ReturnType<typeof createAuth>;

/**
 * better-auth, for what it does well: passwords, sign-in cookies and their rows. It is called as a library; its own router
 * is never served, because most of its addresses would go round our rules. API keys are ours (see `api-keys.ts`).
 */
export function createAuth({ database, secret, baseUrl, logger }: AuthOptions) {
  const value = typeof secret === 'string' ? secret : secret.toString('base64');
  return betterAuth({
    appName: 'Gantry',
    baseURL: baseUrl,
    // Given as a list, because a single secret would yield to a variable of the environment.
    secrets: [{ version: 1, value }],
    database: authStorage(database),
    user: { modelName: 'users' },
    account: { modelName: 'accounts' },
    session: { modelName: 'sign_ins' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
    advanced: {
      cookiePrefix: 'gantry',
      cookies: { session_token: { name: 'gantry_sign_in' }, dont_remember: { name: 'gantry_forget' } },
      useSecureCookies: baseUrl.startsWith('https:'),
      database: { generateId: () => newId(), validateSchema: false },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    databaseHooks: {
      session: { create: { before: (signIn) => refuseDisabled(database, signIn.userId) } },
    },
    plugins: [signInPlugin],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (level, message) => logger.debug({ level }, `better-auth: ${message}`) },
  });
}

async function refuseDisabled(database: Database, userId: string): Promise<void> {
  const rows = await database.query('SELECT FROM users WHERE id = $1 AND NOT disabled', [userId]);
  if (rows.length === 0) {
    throw new GantryError('FORBIDDEN', 'This user is disabled. Ask an admin to enable it again.');
  }
}
