import pg from 'pg';
import { GantryError } from '../base/errors.ts';

/** What both a pool and a client in a transaction can do; hot paths give `name`, so that the plan is prepared once. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<Row[]>;
}

/** One connection of its own. */
export type Session = pg.Client;

export interface Database extends Queryable {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Runs `work` in one transaction; rolls back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** A connection outside the pool, for what belongs to a session: locks and LISTEN. The caller ends it. */
  connect(name: string): Promise<Session>;
  close(): Promise<void>;
}

interface DatabaseOptions {
  readonly url: string;
  /** Direct address, when `url` goes through a transaction pooler. */
  readonly sessionUrl?: string | undefined;
  readonly poolSize: number;
  readonly onError: (error: Error) => void;
}

const int8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === int8 && format !== 'binary'
      ? (text: string) => Number(text)
      : pg.types.getTypeParser(oid, format),
};

/** Opens a pool of connections; nothing is dialled before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const settings = {
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    types,
  };
  // Prepared statements belong to a session, which a transaction pooler doesn't keep.
  const prepare = options.sessionUrl === undefined;
  const pool = new pg.Pool({
    ...settings,
    connectionString: options.url,
    max: options.poolSize,
    idleTimeoutMillis: 10_000,
    application_name: 'gantry',
  });
  pool.on('error', options.onError);
  return {
    url: options.url,
    pool,
    query: queryOn(pool, prepare),
    transaction: (work) => inTransaction(pool, prepare, work),
    connect: async (name) => {
      const client = new pg.Client({
        ...settings,
        connectionString: options.sessionUrl ?? options.url,
        application_name: name,
      });
      client.on('error', options.onError);
      await client.connect().catch(rethrow);
      return client;
    },
    close: () => pool.end(),
  };
}

function queryOn(target: Pick<pg.Pool, 'query'>, prepare: boolean): Queryable['query'] {
  return async <Row extends object>(text: string, values: readonly unknown[] = [], name?: string) => {
    const config = { text, values: [...values], ...(name === undefined || !prepare ? {} : { name }) };
    const result = await target.query<Row>(config).catch(rethrow);
    return result.rows;
  };
}

async function inTransaction<T>(
  pool: pg.Pool,
  prepare: boolean,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch(rethrow);
  let broken: Error | undefined;
  // The query under way fails with it as well; without a listener it would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN').catch(rethrow);
    const result = await work({ query: queryOn(client, prepare) });
    await client.query('COMMIT').catch(rethrow);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
]);

function rethrow(error: Error & { code?: string }): never {
  if (error.code === '53100') {
    throw new GantryError('DISK_FULL', 'The database has no disk space left. Free some, then try again.', {
      cause: error,
    });
  }
  if (
    (error.code && unreachable.has(error.code)) ||
    /connection (terminated|timeout)|timeout exceeded|not queryable/i.test(error.message)
  ) {
    throw new GantryError('DATABASE_UNREACHABLE', `The database does not answer (${error.message}).`, {
      cause: error,
    });
  }
  throw error;
}
