import { createAdapterFactory } from 'better-auth/adapters';
import { GantryError } from '../../base/errors.ts';
import type { Queryable } from '../../store/database.ts';

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
  readonly connector: string;
}

type Row = Record<string, unknown>;

/**
 * Where better-auth keeps its rows: our tables, over our pool. Its own adapter for drizzle would bring that library into
 * every process (170 MB more resident memory), and repeats the values of a failed query, tokens too, in its messages.
 */
export function authStorage(database: Queryable) {
  const run = async (text: string, values: readonly unknown[]) =>
    (await database.query(text, values)).map(fromColumns);
  return createAdapterFactory({
    config: { adapterId: 'gantry', supportsJSON: true, supportsArrays: true, transaction: false },
    adapter: () => ({
      // The library types a row by what its caller expects, which only the caller can know.
      create: async <T extends Row>({ model, data }: { model: string; data: T }) => {
        const fields = Object.keys(data);
        const places = fields.map((_, index) => `$${index + 1}`);
        const insert = `INSERT INTO ${name(model)} (${fields.map(name).join(', ')}) VALUES (${places.join(', ')})`;
        return (await run(`${insert} RETURNING *`, Object.values(data)))[0] as T;
      },
      findOne: async <T>({ model, where }: { model: string; where: Condition[] }) => {
        const values: unknown[] = [];
        const found = await run(`SELECT * FROM ${name(model)} ${filter(where, values)} LIMIT 1`, values);
        return (found[0] ?? null) as T | null;
      },
      findMany: async <T>({ model, where = [], limit, offset = 0, sortBy }: FindMany) => {
        const values: unknown[] = [limit, offset];
        const order = sortBy
          ? `ORDER BY ${name(sortBy.field)} ${sortBy.direction === 'desc' ? 'DESC' : 'ASC'}`
          : '';
        const select = `SELECT * FROM ${name(model)} ${filter(where, values)} ${order} LIMIT $1 OFFSET $2`;
        return (await run(select, values)) as T[];
      },
      update: async <T>({ model, where, update }: { model: string; where: Condition[]; update: T }) =>
        ((await change(run, model, where, update as Row))[0] ?? null) as T | null,
      updateMany: async ({ model, where, update }: { model: string; where: Condition[]; update: Row }) =>
        (await change(run, model, where, update)).length,
      delete: async ({ model, where }: { model: string; where: Condition[] }) => {
        await remove(run, model, where);
      },
      deleteMany: async ({ model, where }: { model: string; where: Condition[] }) =>
        (await remove(run, model, where)).length,
      count: async ({ model, where = [] }: { model: string; where?: Condition[] | undefined }) => {
        const values: unknown[] = [];
        const found = await run(
          `SELECT count(*)::int AS n FROM ${name(model)} ${filter(where, values)}`,
          values,
        );
        return Number(found[0]?.['n']);
      },
    }),
  });
}

interface FindMany {
  readonly model: string;
  readonly where?: Condition[] | undefined;
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly sortBy?: { field: string; direction: 'asc' | 'desc' } | undefined;
}

type Run = (text: string, values: readonly unknown[]) => Promise<Row[]>;

function change(run: Run, model: string, where: readonly Condition[], update: Row): Promise<Row[]> {
  const values = Object.values(update);
  const set = Object.keys(update).map((field, index) => `${name(field)} = $${index + 1}`);
  return run(`UPDATE ${name(model)} SET ${set.join(', ')} ${filter(where, values)} RETURNING *`, values);
}

function remove(run: Run, model: string, where: readonly Condition[]): Promise<Row[]> {
  const values: unknown[] = [];
  return run(`DELETE FROM ${name(model)} ${filter(where, values)} RETURNING id`, values);
}

/** `WHERE ...`; appends to `values` what it refers to. Knows only what better-auth's own endpoints ask for. */
function filter(where: readonly Condition[], values: unknown[]): string {
  const terms = where.map(({ field, operator, value, connector }) => {
    if (connector === 'OR') throw new GantryError('INTERNAL', 'The sign-in storage knows no OR.');
    if (operator === 'eq' && value === null) return `${name(field)} IS NULL`;
    const place = `$${values.push(value)}`;
    if (operator === 'eq') return `${name(field)} = ${place}`;
    if (operator === 'in') return `${name(field)} = ANY(${place})`;
    if (operator === 'lt') return `${name(field)} < ${place}`;
    if (operator === 'gt') return `${name(field)} > ${place}`;
    throw new GantryError('INTERNAL', `The sign-in storage does not know the operator "${operator}".`);
  });
  return terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`;
}

/** `userId` to `user_id`. The names come from the library's own tables; anything else is refused. */
function name(field: string): string {
  if (!/^[a-z][A-Za-z_]*$/.test(field)) throw new GantryError('INTERNAL', `"${field}" is no column.`);
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fromColumns(row: object): Row {
  const entries = Object.entries(row).map(([column, value]) => [
    column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(entries);
}
