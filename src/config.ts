import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, homedir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { GantryError, type Problem } from './base/errors.ts';
import { flag, list, whole } from './config/fields.ts';
import { modelSettings, plainNames } from './config/model-settings.ts';
import { webhookSettings } from './config/webhook-settings.ts';
import { workspaceSettings } from './config/workspace-settings.ts';

/** Every setting, with what it means. `docs/config.md` is generated from this. */
export const configSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address that the server listens on.'),
  port: whole()
    .min(0)
    .max(65_535)
    .default(7070)
    .describe('Port that the server listens on; 0 takes a free one.'),
  publicUrl: z
    .url()
    .optional()
    .describe('Address under which people reach the server, when a proxy stands before it.'),
  dataDir: z
    .string()
    .refine((path) => !/^\/(proc|sys|dev)(\/|$)/.test(resolve(path)), 'is no place for files')
    .default(defaultDataDir)
    .describe('Directory for the database, keys, logs and sandboxes.'),
  url: z
    .url()
    .optional()
    .describe('Server that the command line talks to, in place of the one that runs here.'),
  apiKey: z.string().optional().describe('API key that the command line shows to that server.'),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
  databaseUrl: z
    .string()
    .optional()
    .describe('PostgreSQL to use in place of the embedded one: postgres://user:password@host/name.'),
  databaseSessionUrl: z
    .string()
    .optional()
    .describe('Direct address of the same PostgreSQL, when databaseUrl goes through a transaction pooler.'),
  databasePoolSize: whole()
    .min(2)
    .max(200)
    .default(10)
    .describe('Connections that one process opens at most.'),
  masterKey: z
    .string()
    .optional()
    .describe(
      'Master key of the secret store, 32 bytes in base64; without it a key file lies in the data directory.',
    ),
  masterKeyOld: z
    .string()
    .optional()
    .describe('The master key before, while `gantry secrets rotate-key` seals everything under the new one.'),
  trustedProxies: list().default([]).describe('Addresses or networks whose X-Forwarded-For counts.'),
  corsOrigins: list().default([]).describe('Origins of other sites that may call the API.'),
  bodyLimitBytes: whole().min(1024).max(104_857_600).default(1_048_576).describe('Largest request body.'),
  rateLimitPerMinute: whole()
    .min(0)
    .default(600)
    .describe('Requests per minute of one user or key; 0 turns the limit off.'),
  signInLimitPerMinute: whole()
    .min(0)
    .default(10)
    .describe('Sign-in attempts per minute of one address; 0 turns the limit off.'),
  openRegistration: flag()
    .default(false)
    .describe('Anyone who reaches the server may sign up, as a viewer; viewers see all runs.'),
  workerSlots: whole()
    .min(1)
    .max(1000)
    .default(Math.max(4, availableParallelism() * 2))
    .describe('Runs that one worker works on at once.'),
  maxRunning: whole().min(1).default(1000).describe('Runs worked on at once by all workers together.'),
  maxRunningPerUser: whole().min(1).default(1000).describe('Runs of one user worked on at once.'),
  maxRunningPerRepository: whole().min(1).default(4).describe('Runs on one repository worked on at once.'),
  maxQueued: whole().min(1).default(1000).describe('Runs that may wait for a slot; one more is refused.'),
  agingSeconds: whole().min(1).default(60).describe('Seconds in the queue that lift a run by one priority.'),
  maxAttempts: whole()
    .min(1)
    .max(100)
    .default(5)
    .describe('Times that a run is taken up again after its worker was lost, before it is dead.'),
  retentionDays: whole()
    .min(0)
    .default(30)
    .describe('Days that finished runs are kept; 0 keeps them for ever.'),
  auditRetentionDays: whole()
    .min(0)
    .default(365)
    .describe('Days that the audit log is kept; 0 keeps it for ever.'),
  drainSeconds: whole()
    .min(0)
    .default(30)
    .describe('Seconds that a stopping worker gives its runs before it hands them over.'),
  outgoingAllow: list()
    .default([])
    .describe(
      "Hosts and networks of the inside that Gantry's own requests may go to when users name them (webhooks): hooks.corp.example, *.corp.example, host:8080, 10.0.0.0/8.",
    ),
  smtpUrl: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional()
    .describe('Mail server that notifications go out by: smtps://user:password@mail.example.com.'),
  mailFrom: z
    .string()
    .max(320)
    .regex(/^[^\r\n]+$/)
    .optional()
    .describe('Sender of mail: Gantry <gantry@example.com>.'),
  notificationsPerHour: whole()
    .min(1)
    .default(20)
    .describe(
      'Messages that one person gets by one channel in an hour at most; the rest comes as one summary.',
    ),
  githubToken: z
    .string()
    .optional()
    .describe("Personal token that repositories on GitHub are used by, where they have no other's."),
  githubAppId: z
    .string()
    .regex(/^\d+$/, 'must be the number of a GitHub App')
    .optional()
    .describe('GitHub App that repositories are used by; goes before githubToken.'),
  githubAppPrivateKey: z
    .string()
    .regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'must be a key in PEM form')
    .optional()
    .describe('Private key of that App, in PEM form; line breaks may be written as \\n.'),
  githubBaseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('GitHub Enterprise Server that token and App belong to: https://ghe.example.com.'),
  gitlabToken: z
    .string()
    .optional()
    .describe("Token that repositories on GitLab are used by, where they have no other's."),
  gitlabBaseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('GitLab of your own that the token belongs to: https://gitlab.example.com.'),
  repositoryPaths: list()
    .default([])
    .describe('Directories of the server below which admins may connect repositories by their path.'),
  mcpServers: list()
    .default([])
    .describe(
      'MCP servers whose tools agents may use: name=https://..., or name=/path/of/program argument ... for one that the worker starts.',
    ),
  sandboxDriver: z.enum(['bubblewrap']).default('bubblewrap').describe('What isolates programs.'),
  sandboxAllowUnsafe: flag()
    .default(false)
    .describe('Run programs even where this machine enforces less than is configured.'),
  sandboxRequire: list()
    .default(['memory', 'processes', 'network'])
    .describe(
      'What must be enforced by the kernel, at least per process: memory, cpu, processes, disk, network.',
    ),
  sandboxWarm: whole()
    .min(0)
    .max(64)
    .default(2)
    .describe('Interpreters of each warm language kept started beforehand.'),
  sandboxWarmLanguages: list().default(['python', 'javascript']).describe('Languages that are kept warm.'),
  sandboxDiskMib: whole()
    .min(16)
    .default(Math.max(512, Math.floor(totalmem() / 4 / 1024 ** 2)))
    .describe('Memory that the workspaces of all sandboxes may fill at most, in MiB.'),
  sandboxStorageGib: whole()
    .min(1)
    .optional()
    .describe(
      'Disk space that workspaces on disk may fill together, and again that saved trees may, in GiB; each half of what is free at the start when left out.',
    ),
  ...webhookSettings,
  ...workspaceSettings,
  ...modelSettings,
});

export type Config = z.infer<typeof configSchema>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings whose values are keys: never shown, not even to admins. */
export const hiddenSettings: readonly string[] = [
  'masterKey',
  'masterKeyOld',
  'apiKey',
  'openaiApiKey',
  'anthropicApiKey',
  'googleGenerativeAiApiKey',
  'deepseekApiKey',
  'openrouterApiKey',
  'githubToken',
  'githubAppPrivateKey',
  'gitlabToken',
  'githubWebhookSecret',
  'gitlabWebhookSecret',
];

/** `GANTRY_DATABASE_URL` for `databaseUrl`; the plain name where there is one, such as `OPENAI_API_KEY`. */
export function variableName(setting: string): string {
  return plainNames[setting] ?? `GANTRY_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** What `gantry.yaml` may not say: where a key is sent is never up to a file. */
const variablesOnly = ['url', 'apiKey'];

/** A setting as it holds: `source` is the variable or the file that it comes from, or `default`. */
export interface Setting {
  readonly name: keyof Config;
  readonly value: unknown;
  readonly source: string;
}

/** Every setting with where it comes from, for people. Throws CONFIG_INVALID like `loadConfig`. */
export function explainConfig(env: Environment = process.env): Setting[] {
  const config = loadConfig(env);
  const path = configPath(env);
  const fromFile = readYaml(path, false);
  return configSchema.keyof().options.map((name) => {
    const variable = variableName(name);
    const set = [variable, `${variable}_FILE`].find((each) => (env[each] ?? '') !== '');
    return { name, value: config[name], source: set ?? (name in fromFile ? path : 'default') };
  });
}

/* Never in the working directory: that may be a stranger's repository, and its file would decide what a sandbox enforces. */
function configPath(env: Environment): string {
  return env['GANTRY_CONFIG'] ?? fileURLToPath(new URL('../gantry.yaml', import.meta.url));
}

/**
 * The configuration of a Gantry apart from the one that is configured here: of its variables only what isolates programs
 * counts, and no file but the one that `settings` name.
 */
export function loadConfigApart(settings: Environment & { readonly GANTRY_CONFIG: string }): Config {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GANTRY_') || name.startsWith('GANTRY_SANDBOX_'),
  );
  return loadConfig({ ...Object.fromEntries(kept), ...settings });
}

/**
 * Reads `gantry.yaml` (beside the launcher, or `GANTRY_CONFIG`), then `GANTRY_*` over it; `GANTRY_X_FILE` names a
 * file that holds the value. Throws CONFIG_INVALID with every mistake at once.
 */
export function loadConfig(env: Environment = process.env): Config {
  const path = configPath(env);
  const problems: Problem[] = [];
  const fromFile = readYaml(path, env['GANTRY_CONFIG'] !== undefined);
  const merged = { ...fromFile, ...readVariables(env, problems) };
  for (const setting of variablesOnly) {
    if (setting in fromFile)
      problems.push({
        path: setting,
        message: `is taken from ${variableName(setting)} only, not from ${path}`,
      });
  }
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    );
  }
  if (problems.length > 0 || !parsed.success) {
    const lines = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
    throw new GantryError(
      'CONFIG_INVALID',
      `The configuration has ${problems.length} mistake(s): ${lines}.`,
      { problems },
    );
  }
  return parsed.data;
}

function readYaml(path: string, required: boolean): Record<string, unknown> {
  if (!existsSync(path)) {
    if (required)
      throw new GantryError('CONFIG_INVALID', `GANTRY_CONFIG names ${path}, which does not exist.`);
    return {};
  }
  try {
    const value: unknown = parse(readFileSync(path, 'utf8'));
    if (value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new GantryError('CONFIG_INVALID', `${path} is not valid YAML: ${String(cause)}`, { cause });
  }
  throw new GantryError('CONFIG_INVALID', `${path} must hold settings as "name: value" lines.`);
}

function readVariables(env: Environment, problems: Problem[]): Record<string, unknown> {
  const known = new Map(Object.keys(configSchema.shape).map((setting) => [variableName(setting), setting]));
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name === 'GANTRY_CONFIG' || value === undefined || value === '') continue;
    const setting = known.get(name) ?? known.get(name.replace(/_FILE$/, ''));
    if (!setting) continue;
    found[setting] = known.has(name) ? value : readSecretFile(name, value, problems);
  }
  return found;
}

function readSecretFile(name: string, path: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    problems.push({ path: name, message: `the file ${path} can't be read` });
    return undefined;
  }
}

function defaultDataDir(): string {
  if (process.getuid?.() === 0) return '/var/lib/gantry';
  return join(process.env['XDG_DATA_HOME'] ?? join(homeOf(), '.local', 'share'), 'gantry');
}

function homeOf(): string {
  try {
    return homedir();
  } catch (cause) {
    throw new GantryError(
      'CONFIG_INVALID',
      'This account has no home directory. Set GANTRY_DATA_DIR to one that it can write.',
      {
        cause,
      },
    );
  }
}
