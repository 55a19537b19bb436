import { Client } from 'pg';
import { newToken } from '../../src/base/ids.ts';
import { startTestServer, type TestServer } from './postgres-server.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const serverVariable = 'GANTRY_TEST_POSTGRES';
const template = 'gantry_template';
const templateLock = 7_070_002;

let own: Promise<TestServer> | undefined;
let prepared: Promise<void> | undefined;

/** A database of its own with the present schema, empty, on the PostgreSQL of this test run. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await serverUrl();
  prepared ??= prepareTemplate(server);
  await prepared;
  return cloneOf(server, `TEMPLATE ${template}`);
}

/** A database of its own without any table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return cloneOf(await serverUrl(), 'TEMPLATE template0');
}

async function serverUrl(): Promise<string> {
  const shared = process.env[serverVariable];
  if (shared) return shared;
  own ??= startTestServer();
  const server = await own;
  return server.url;
}

async function cloneOf(server: string, origin: string): Promise<TestDatabase> {
  const name = `test_${newToken(9).toLowerCase().replaceAll('-', '_')}`;
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}" ${origin}`));
  const drop = () =>
    onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  return { url: withDatabase(server, name), drop: async () => void (await drop()) };
}

/** Migrates once per server, whichever of the test processes comes first; the name says that it is complete. */
async function prepareTemplate(server: string): Promise<void> {
  await onServer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount) return;
    const draft = `${template}_draft`;
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`);
    await migrateTo(withDatabase(server, draft));
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
  });
}

async function migrateTo(url: string): Promise<void> {
  const { migrate } = await import('../../src/store/migrate.ts');
  const { openDatabase } = await import('../../src/store/database.ts');
  const database = openDatabase({ url, poolSize: 2, onError: () => undefined });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: withDatabase(url, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  return url.replace(/^(postgres:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}
