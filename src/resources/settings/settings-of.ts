import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { inputProblems } from '../../contract/problem.ts';
import type { SettingsVersion } from '../../contract/settings.ts';
import type { Database, Queryable } from '../../store/database.ts';
import {
  addVersion,
  lastChanges,
  listVersions,
  readLatest,
  readVersion,
  type Author,
  type Overrides,
  type Scope,
} from './versions.ts';

/** One kind of settings: its schema and what holds where nothing is set. */
export interface SettingsKind<Schema extends z.ZodObject> {
  readonly schema: Schema;
  readonly defaults: z.infer<Schema>;
  /** Where defaults come from, for people; those that aren't named are Gantry's own. */
  readonly sources?: Readonly<Record<string, string>>;
  /** What is wrong with values that are each valid; the place and why. */
  readonly check?: (values: z.infer<Schema>) => readonly { path: string; message: string }[];
}

export interface SettingsChange {
  readonly by: Author;
  readonly version?: number | undefined;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly note?: string | undefined;
}

export interface SettingsView<Values> {
  readonly version: number;
  readonly values: Values;
  readonly overrides: Partial<Values>;
  readonly defaults: Values;
  readonly sources: Readonly<Record<string, string>>;
  readonly bounds: Readonly<Record<string, { min: number; max: number }>>;
  readonly changed: Awaited<ReturnType<typeof lastChanges>>;
}

/** The settings of one scope, read, changed and brought back. */
export interface SettingsOf<Values> {
  /** What holds now. */
  read(): Promise<Values>;
  view(): Promise<SettingsView<Values>>;
  /** Null takes a setting back to its default. CONFLICT when `version` isn't the latest, INPUT_INVALID for what doesn't fit. */
  change(change: SettingsChange): Promise<void>;
  /** Brings back what version `restore` had set, as a new version. */
  restore(restore: number, change: Omit<SettingsChange, 'changes'>): Promise<void>;
  history(page: {
    before: number | undefined;
    limit: number;
  }): Promise<{ items: SettingsVersion[]; next: string | null }>;
}

/** What holds now. */
export async function readSettings<Schema extends z.ZodObject>(
  db: Queryable,
  scopeName: string,
  { schema, defaults }: Pick<SettingsKind<Schema>, 'schema' | 'defaults'>,
): Promise<z.infer<Schema>> {
  const { overrides } = await readLatest(db, scopeName);
  return { ...defaults, ...fitting(schema, overrides) } as z.infer<Schema>;
}

export function settingsOf<Schema extends z.ZodObject>(
  db: Database,
  scope: Scope,
  kind: SettingsKind<Schema>,
): SettingsOf<z.infer<Schema>> {
  const { schema, defaults } = kind;
  type Values = z.infer<Schema>;
  const valuesOf = (overrides: Overrides) => ({ ...defaults, ...overrides }) as Values;
  return {
    read: () => readSettings(db, scope.name, kind),
    view: async () => {
      const { version, overrides } = await readLatest(db, scope.name);
      const kept = fitting(schema, overrides);
      return {
        version,
        values: valuesOf(kept),
        overrides: kept as Partial<Values>,
        defaults,
        sources: Object.fromEntries(
          Object.keys(schema.shape).map((key) => [key, kind.sources?.[key] ?? 'default']),
        ),
        bounds: boundsOf(schema),
        changed: await lastChanges(db, scope.name),
      };
    },
    change: ({ by, version, changes, note }) =>
      addVersion(db, scope, {
        by,
        note: note ?? '',
        expected: version,
        change: ({ overrides }) => {
          const wanted = { ...fitting(schema, overrides), ...changes };
          const set = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
          return checked(kind, set);
        },
      }),
    restore: (restored, { by, version, note }) =>
      addVersion(db, scope, {
        by,
        note: note ?? '',
        expected: version,
        restored,
        change: async (_, tx) => checked(kind, fitting(schema, await readVersion(tx, scope.name, restored))),
      }),
    history: (page) => listVersions(db, scope.name, page),
  };
}

function boundsOf(schema: z.ZodObject): Record<string, { min: number; max: number }> {
  const numbers = Object.entries(schema.shape).flatMap(([key, field]) =>
    field instanceof z.ZodNumber ? [[key, { min: field.minValue ?? 0, max: field.maxValue ?? 0 }]] : [],
  );
  return Object.fromEntries(numbers);
}

/* A newer Gantry, or an older one, may have set what this one doesn't know or allow: that counts as not set. */
function fitting(schema: z.ZodObject, overrides: Overrides): Overrides {
  const entries = Object.entries(overrides).filter(([key, value]) => {
    const field = Object.hasOwn(schema.shape, key) ? (schema.shape[key] as z.ZodType) : undefined;
    return field?.safeParse(value).success ?? false;
  });
  return Object.fromEntries(entries);
}

function checked<Schema extends z.ZodObject>(kind: SettingsKind<Schema>, overrides: Overrides): Overrides {
  const parsed = kind.schema.safeParse({ ...kind.defaults, ...overrides });
  const problems = parsed.success ? (kind.check?.(parsed.data) ?? []) : inputProblems(parsed.error);
  if (problems.length === 0) return overrides;
  const lines = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new GantryError('INPUT_INVALID', `These settings don't fit: ${lines}.`, { problems });
}
