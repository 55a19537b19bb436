import type { Config } from '../config.ts';
import { unreachable, type ServerAddress } from './client.ts';

/**
 * The server that `GANTRY_URL` names, or the one that runs on this data directory and has left its address and a token
 * there for whoever may read them.
 */
export async function findServer(config: Config): Promise<ServerAddress> {
  if (config.url !== undefined) return { url: config.url, token: config.apiKey ?? '' };
  const { readLocalSignIn } = await import('../resources/identity/local-sign-in.ts');
  const local = await readLocalSignIn(config.dataDir);
  if (!local) throw unreachable(undefined);
  return { url: local.url, token: local.token };
}
