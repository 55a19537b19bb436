import { Client } from 'pg';
import { codeOf } from './explain.ts';
import { type Endpoint, urlOf } from './endpoint.ts';
import type { Paths } from './paths.ts';

const noSuchDatabase = '3D000';
// The second is what the loser of a race for the name gets.
const databaseExists = new Set(['42P04', '23505']);

/**
 * True when the server at `endpoint` is ours: it takes our password and works on our cluster. Makes the database
 * `gantry` on the first start. False when it doesn't answer (yet).
 */
export async function answers(endpoint: Endpoint, password: string, paths: Paths): Promise<boolean> {
  try {
    return await isOurs(endpoint, password, paths);
  } catch (error) {
    if (codeOf(error) !== noSuchDatabase) return false;
    await createDatabase(endpoint, password);
    return isOurs(endpoint, password, paths);
  }
}

async function isOurs(endpoint: Endpoint, password: string, paths: Paths): Promise<boolean> {
  return withClient(urlOf(endpoint, password), async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === paths.cluster;
  });
}

async function createDatabase(endpoint: Endpoint, password: string): Promise<void> {
  await withClient(urlOf(endpoint, password, 'postgres'), async (client) => {
    await client.query('CREATE DATABASE gantry').catch((error: unknown) => {
      if (!databaseExists.has(codeOf(error))) throw error;
    });
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 20_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
