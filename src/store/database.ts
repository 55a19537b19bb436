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
  /** Runs `work` in one transaction; rolls back when it throws. `opening` is SQL that travels together with BEGIN. */
  transaction<T>(work: (tx: Queryable) => Promise<T>, opening?: string): Promise<T>;
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
  const plans: Plans | undefined = options.sessionUrl === undefined ? { generation: 0 } : undefined;
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
    query: queryOn(pool, plans),
    transaction: (work, opening) => inTransaction(pool, plans, work, opening),
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

/** Plans are prepared under names; a new generation leaves behind all that were. */
interface Plans {
  generation: number;
}

function queryOn(target: Pick<pg.Pool, 'query'>, plans: Plans | undefined): Queryable['query'] {
  return async <Row extends object>(text: string, values: readonly unknown[] = [], name?: string) => {
    const prepared = plans && name !== undefined ? { name: `${name}.${plans.generation}` } : {};
    const result = await target
      .query<Row>({ text, values: [...values], ...prepared })
      .catch((error: Error & { code?: string }) => {
        if (plans && error.code === stalePlan) plans.generation += 1;
        return rethrow(error);
      });
    return result.rows;
  };
}

/* A process that is stopped in the middle of a transaction must not hold its locks, which everybody waits for. */
const beginSql = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'`;

async function inTransaction<T>(
  pool: pg.Pool,
  plans: Plans | undefined,
  work: (tx: Queryable) => Promise<T>,
  opening = '',
): Promise<T> {
  const client = await pool.connect().catch(rethrow);
  let broken: Error | undefined;
  // The query under way fails with it as well; without a listener it would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(`${beginSql}; ${opening}`).catch(rethrow);
    const result = await work({ query: queryOn(client, plans) });
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

/* A newer Gantry has changed the tables while this one runs: plans that answer `*` don't fit any more. */
const stalePlan = '0A000';

const unreachable = new Set([
  stalePlan,
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '25P03',
  '40001',
  '40P01',
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
