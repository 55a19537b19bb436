import { escapeIdentifier, type Client } from 'pg';
import type { Migration } from '../migration-files.ts';
import type { Manifest } from './manifest.ts';

export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** `"public"."name"`, safe in a statement. */
export function qualified(name: string): string {
  return `"public".${escapeIdentifier(name)}`;
}

/** The tables that hold rows to keep, with the columns that can be written. Unlogged ones are caches. */
export async function listTables(client: Client): Promise<TableShape[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY c.relname ORDER BY c.relname`);
  return rows;
}

/** Where each sequence stands. */
export async function listSequences(client: Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY 1`,
  );
  const found = [];
  for (const { name } of rows) {
    const state = await client.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${qualified(name)}`,
    );
    for (const { value, called } of state.rows) found.push({ name, value, called });
  }
  return found;
}

/** The migrations that this database has been through, oldest first; none when it isn't Gantry's. */
export async function appliedMigrations(client: Client): Promise<Manifest['migrations']> {
  const present = await client.query(`SELECT to_regclass('public.migrations') IS NOT NULL AS there`);
  if (!present.rows[0]?.there) return [];
  const { rows } = await client.query<{ hash: string; at: string }>(
    'SELECT hash, created_at::text AS at FROM public.migrations ORDER BY created_at',
  );
  return rows.map(({ hash, at }) => ({ hash, createdAt: Number(at) }));
}

/** Drops every table, view, sequence, type and function of the schema `public` that no extension owns. */
export async function dropEverything(client: Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) AS statement FROM (
      SELECT oid, 'pg_class'::regclass AS class, oid::regclass::text AS name,
             CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                          ELSE 'TABLE' END AS kind
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      UNION ALL
      SELECT oid, 'pg_type'::regclass, oid::regtype::text, 'TYPE' FROM pg_type
       WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
      UNION ALL
      SELECT oid, 'pg_proc'::regclass, oid::regprocedure::text, 'ROUTINE' FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace
    ) AS item
    WHERE NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = class AND d.objid = item.oid AND d.deptype = 'e')`);
  for (const { statement } of rows) await client.query(statement);
}

/** Makes the schema as these migrations make it, in the transaction of `client`; the table of migrations stays empty. */
export async function createSchema(client: Client, migrations: readonly Migration[]): Promise<void> {
  await client.query(
    'CREATE TABLE public.migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)',
  );
  for (const migration of migrations) {
    for (const statement of migration.sql) await client.query(statement);
  }
}

/** Takes the foreign keys away, so that rows can come in any order; answers what puts them back. */
export async function dropForeignKeys(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ owner: string; name: string; definition: string }>(`
    SELECT conrelid::regclass::text AS owner, conname AS name, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f' AND conparentid = 0`);
  for (const { owner, name } of rows) {
    await client.query(`ALTER TABLE ${owner} DROP CONSTRAINT ${escapeIdentifier(name)}`);
  }
  return rows.map(
    ({ owner, name, definition }) =>
      `ALTER TABLE ${owner} ADD CONSTRAINT ${escapeIdentifier(name)} ${definition}`,
  );
}
