import { z } from 'zod';

/** The last file of a backup: what is in it, so that it can be checked before anything is touched. */
export const manifestSchema = z.object({
  format: z.literal('gantry-backup'),
  formatVersion: z.literal(1),
  gantryVersion: z.string(),
  postgresVersion: z.string(),
  createdAt: z.iso.datetime(),
  /** The migrations that made the schema, oldest first. */
  migrations: z.array(z.object({ hash: z.string(), createdAt: z.number() })).min(1),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number().int(),
      bytes: z.number().int(),
      /** Of the rows in PostgreSQL's text format, in hex. */
      sha256: z.string(),
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), value: z.string(), called: z.boolean() })),
});

export type Manifest = z.infer<typeof manifestSchema>;

export const manifestName = 'manifest.json';

/** The folder of a table's rows in a backup. */
export function tableFolder(table: string): string {
  return `tables/${table}/`;
}
