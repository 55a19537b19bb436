import { z } from 'zod';

const noControls = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]*$/u, 'must not hold control characters');

const MiB = 1024 ** 2;

/** What an admin may change while Gantry runs. Each has a default of its own: the configuration's, where that has one. */
export const instanceSettingsSchema = z.strictObject({
  notice: noControls(300).describe('Text that everybody sees above every page; empty for none.'),
  intakePaused: z.boolean().describe('No run is begun; those that run go on.'),
  maxRunning: z.int().min(1).max(100_000).describe('Runs worked on at once by all workers together.'),
  maxRunningPerUser: z.int().min(1).max(100_000).describe('Runs of one user worked on at once.'),
  maxRunningPerRepository: z.int().min(1).max(100_000).describe('Runs on one repository worked on at once.'),
  maxQueued: z.int().min(1).max(10_000_000).describe('Runs that may wait for a slot; one more is refused.'),
  agingSeconds: z.int().min(1).max(86_400).describe('Seconds in the queue that lift a run by one priority.'),
  maxAttempts: z
    .int()
    .min(1)
    .max(100)
    .describe('Times that a run is taken up again after its worker was lost, before it is dead.'),
  executionWallMs: z
    .int()
    .min(1)
    .max(300_000)
    .describe('Real time of a program that names no limit, in milliseconds.'),
  executionWallMsMost: z
    .int()
    .min(1)
    .max(300_000)
    .describe('Real time that a program may ask for, in milliseconds.'),
  executionMemoryBytes: z
    .int()
    .min(4 * MiB)
    .max(2048 * MiB)
    .describe('Memory of a program that names no limit, in bytes.'),
  executionMemoryBytesMost: z
    .int()
    .min(4 * MiB)
    .max(2048 * MiB)
    .describe('Memory that a program may ask for, in bytes.'),
  rateLimitPerMinute: z
    .int()
    .min(0)
    .max(10_000_000)
    .describe('Requests per minute of one user or key; 0 turns the limit off.'),
  signInLimitPerMinute: z
    .int()
    .min(0)
    .max(10_000_000)
    .describe('Sign-in attempts per minute of one address; 0 turns the limit off.'),
  openRegistration: z.boolean().describe('Anyone who reaches the server may sign up, as a viewer.'),
  retentionDays: z
    .int()
    .min(0)
    .max(36_500)
    .describe('Days that finished runs are kept; 0 keeps them for ever.'),
  auditRetentionDays: z
    .int()
    .min(0)
    .max(36_500)
    .describe('Days that the audit log is kept; 0 keeps it for ever.'),
  model: noControls(300)
    .min(1)
    .nullable()
    .describe('Model of work that names none, as provider/name; null for none.'),
});
export type InstanceSettings = z.infer<typeof instanceSettingsSchema>;

/** What may be told of, and how. A new kind or channel is a word here. */
export const notificationKindSchema = z.enum(['waiting', 'failed', 'dead', 'succeeded']);
export const notificationChannelSchema = z.enum(['browser', 'email', 'webhook']);
export type NotificationKind = z.infer<typeof notificationKindSchema>;
export type NotificationChannel = z.infer<typeof notificationChannelSchema>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be the name of a time zone, such as Europe/Berlin');

/** No notice is sent between `from` and `to`, which may lie after midnight, by the clock of the time zone. */
export const quietHoursSchema = z.strictObject({ from: timeOfDay, to: timeOfDay, timeZone });
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** What each person decides. No secret belongs in here: old versions are kept. */
export const userSettingsSchema = z.strictObject({
  colorScheme: z.enum(['system', 'light', 'dark']),
  reducedMotion: z.boolean().describe('Nothing moves, whatever the system says.'),
  shortcuts: z.boolean().describe('Single keys do things outside of fields.'),
  defaultLanguage: noControls(50).nullable().describe('Language that the playground opens with.'),
  editorFontSize: z.int().min(10).max(24).describe('In pixels.'),
  editorTabWidth: z.int().min(1).max(8).describe('In columns.'),
  editorWrap: z.boolean().describe('Long lines go on in the next row.'),
  notifications: z
    .partialRecord(notificationKindSchema, z.array(notificationChannelSchema).max(10))
    .describe('By which channels one is told of what; a kind that is not named is silent.'),
  quietHours: quietHoursSchema.nullable(),
});
export type UserSettings = z.infer<typeof userSettingsSchema>;

export const userSettingsDefaults: UserSettings = {
  colorScheme: 'system',
  reducedMotion: false,
  shortcuts: true,
  defaultLanguage: null,
  editorFontSize: 13,
  editorTabWidth: 4,
  editorWrap: false,
  notifications: { waiting: ['browser'] },
  quietHours: null,
};

/** Defaults of what the configuration doesn't know. */
export const instanceOnlyDefaults = {
  notice: '',
  intakePaused: false,
  executionWallMs: 10_000,
  executionWallMsMost: 300_000,
  executionMemoryBytes: 256 * MiB,
  executionMemoryBytesMost: 2048 * MiB,
} as const satisfies Partial<InstanceSettings>;

const who = z.object({ userId: z.string(), name: z.string() });

/** One change of one setting; null stands for "not set, the default holds". */
export const settingChangeSchema = z.object({ key: z.string(), from: z.unknown(), to: z.unknown() });
export type SettingChange = z.infer<typeof settingChangeSchema>;

/** A version as the history shows it. Versions count from 1 and never change. */
export const settingsVersionSchema = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  by: who,
  note: z.string(),
  changes: z.array(settingChangeSchema),
  restored: z.int().nullable().describe('The version that this one brought back.'),
});
export type SettingsVersion = z.infer<typeof settingsVersionSchema>;

/** Settings as they hold: `values` are `defaults` with `overrides` over them. Version 0 is: never changed. */
function settingsViewOf<Values extends z.ZodObject>(values: Values) {
  return z.object({
    version: z.int(),
    values,
    overrides: values.partial(),
    defaults: values,
    /** Where each default comes from: a file, a variable, or `default`. */
    sources: z.record(z.string(), z.string()),
    /** Least and most of each number. */
    bounds: z.record(z.string(), z.object({ min: z.number(), max: z.number() })),
    changed: z
      .record(z.string(), z.object({ version: z.int(), at: z.iso.datetime(), by: who }))
      .describe('The last change of each setting that was ever changed.'),
  });
}
export const instanceSettingsViewSchema = settingsViewOf(instanceSettingsSchema);
export type InstanceSettingsView = z.infer<typeof instanceSettingsViewSchema>;
export const userSettingsViewSchema = settingsViewOf(userSettingsSchema);

const noteSchema = noControls(300).optional().describe('Why, in a few words.');

/** A change: null takes a setting back to its default. `version` is the one that the change was made on. */
export const instanceSettingsPatchSchema = z.strictObject({
  version: z.int().min(0),
  changes: nullable(instanceSettingsSchema),
  note: noteSchema,
});
export const userSettingsPatchSchema = z.strictObject({
  version: z.int().min(0).optional(),
  changes: nullable(userSettingsSchema),
  note: noteSchema,
});

/** Brings back what version `restore` held, 0 for the defaults, as a new version. */
export const settingsRestoreSchema = z.strictObject({
  version: z.int().min(0),
  restore: z.int().min(0),
  note: noteSchema,
});

/** What everybody who is signed in may know of the instance's settings. */
export const noticeSchema = instanceSettingsSchema.pick({ notice: true, intakePaused: true });
export type Notice = z.infer<typeof noticeSchema>;

/** Limits of one user; null means: as for everybody. `queued` has no such limit unless it is set. */
export const userLimitsSchema = z.strictObject({
  requestsPerMinute: z.int().min(1).max(10_000_000).nullable(),
  running: z.int().min(0).max(100_000).nullable().describe('Runs worked on at once.'),
  queued: z.int().min(0).max(10_000_000).nullable().describe('Runs that may wait for a slot.'),
});
export type UserLimits = z.infer<typeof userLimitsSchema>;
export const noUserLimits: UserLimits = { requestsPerMinute: null, running: null, queued: null };

function nullable<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
  type Nullable = { [Key in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Key] & z.ZodType>> };
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([key, value]) => [key, (value as z.ZodType).nullable().optional()]),
  );
  return z.strictObject(shape as Nullable);
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
