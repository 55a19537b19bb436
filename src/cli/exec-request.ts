import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parseBytes, parseDuration } from '../base/duration.ts';
import { GantryError } from '../base/errors.ts';
import type { TerminalSize } from '../contract/terminal.ts';
import { parseUsd } from './dollars.ts';

export interface ExecOptions {
  readonly lang?: string;
  readonly versionRange?: string;
  readonly stdin?: string;
  readonly file: readonly string[];
  readonly limit: readonly string[];
  readonly env: readonly string[];
  readonly model: readonly string[];
  readonly budget?: string;
  readonly interactive?: boolean;
  /** Directory for the files that the program leaves. */
  readonly output?: string;
  readonly force?: boolean;
}

interface SourceFile {
  readonly name: string;
  readonly content: string;
  readonly encoding?: 'base64';
}

/** The body of `POST /executions`. */
export interface ExecutionRequest {
  readonly language: string;
  readonly version?: string;
  readonly files: readonly SourceFile[];
  readonly stdin?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, number>>;
  readonly models?: readonly string[];
  readonly script?: string;
  readonly budget?: { readonly usd: number };
  readonly interactive?: true;
  readonly terminal?: TerminalSize;
}

const limits: Readonly<Record<string, readonly [field: string, parse: (text: string) => number]>> = {
  wall: ['wallMs', parseDuration],
  cpu: ['cpuMs', parseDuration],
  idle: ['idleMs', parseDuration],
  memory: ['memoryBytes', parseBytes],
  processes: ['processes', parseCount],
  files: ['openFiles', parseCount],
  stack: ['stackBytes', parseBytes],
  output: ['outputBytes', parseBytes],
  file: ['fileBytes', parseBytes],
  disk: ['diskBytes', parseBytes],
};

const scripted = 'scripted:';

export const limitNames = Object.keys(limits);

/**
 * The request that a command line means. `program` is a path, or `-` for a program on stdin; without one, stdin is read
 * unless it is a terminal. INPUT_INVALID for whatever can't be read or understood.
 */
export async function buildRequest(
  program: string | undefined,
  args: readonly string[],
  options: ExecOptions,
  terminal?: TerminalSize,
): Promise<ExecutionRequest> {
  const source = program ?? (process.stdin.isTTY ? undefined : '-');
  if (source === undefined) throw invalid('Name a program to run, as in `gantry exec main.py`');
  if (options.interactive && (source === '-' || options.stdin === '-'))
    throw invalid(
      'With --interactive stdin is the keyboard of the program; name the program and its input as files',
    );
  if (source === '-' && options.stdin === '-')
    throw invalid('The program and its input cannot both be on stdin');
  const language = options.lang ?? (await languageOf(source));
  if (language === undefined) {
    const what = source === '-' ? 'a program on stdin' : `"${source}"`;
    throw invalid(
      `The language of ${what} can't be told from its name; say it with --lang, as in --lang python`,
    );
  }
  const name = source === '-' ? 'main' : basename(source);
  const env = Object.fromEntries(options.env.map((pair) => splitPair(pair, '--env')));
  const limits = Object.fromEntries(options.limit.map(parseLimit));
  return {
    language,
    ...(options.versionRange === undefined ? {} : { version: options.versionRange }),
    files: [sourceFile(name, read(source)), ...options.file.map(namedFile)],
    ...(options.stdin === undefined ? {} : { stdin: textOf(options.stdin) }),
    ...(args.length === 0 ? {} : { args }),
    ...(options.env.length === 0 ? {} : { env }),
    ...(options.limit.length === 0 ? {} : { limits }),
    ...modelsOf(options.model),
    ...(options.budget === undefined ? {} : { budget: { usd: parseUsd(options.budget) } }),
    ...(options.interactive ? { interactive: true as const, ...(terminal && { terminal }) } : {}),
  };
}

/** `scripted:FILE` reads the script from FILE; the server is told the file's name only. */
function modelsOf(models: readonly string[]): Pick<ExecutionRequest, 'models' | 'script'> {
  if (models.length === 0) return {};
  const [script, ...others] = models.flatMap((model) =>
    model.startsWith(scripted) && model !== scripted ? [model.slice(scripted.length)] : [],
  );
  if (others.length > 0) throw invalid('One script is followed by a run; name one --model scripted:FILE');
  return {
    models: models.map((model) =>
      model.startsWith(scripted) ? `${scripted}${basename(model.slice(scripted.length))}` : model,
    ),
    ...(script === undefined ? {} : { script: textOf(script) }),
  };
}

/** By the ending of the name, as the table of languages has it. */
async function languageOf(path: string): Promise<string | undefined> {
  const { languages } = await import('../capabilities/execution/languages/table.ts');
  const extension = extname(path).toLowerCase();
  return languages.find(({ extensions }) => extensions.includes(extension))?.name;
}

/** `NAME=PATH` puts the file at PATH under NAME; `PATH` alone under its own name. */
function namedFile(text: string): SourceFile {
  const at = text.indexOf('=');
  const [name, path] = at < 0 ? [basename(text), text] : [text.slice(0, at), text.slice(at + 1)];
  return sourceFile(name, read(path));
}

function sourceFile(name: string, bytes: Buffer): SourceFile {
  return isUtf8(bytes)
    ? { name, content: bytes.toString('utf8') }
    : { name, content: bytes.toString('base64'), encoding: 'base64' };
}

function textOf(path: string): string {
  const bytes = read(path);
  if (!isUtf8(bytes)) throw invalid('The input of the program must be UTF-8 text; give bytes with --file');
  return bytes.toString('utf8');
}

function read(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? reasons[String(cause.code)] : undefined;
    throw invalid(`${path === '-' ? 'stdin' : `"${path}"`} can't be read${why ?? ''}`, cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: ': there is no such file',
  EISDIR: ': it is a directory',
  EACCES: ': you may not read it',
};

function parseLimit(text: string): [field: string, value: number] {
  const [name, value] = splitPair(text, '--limit');
  const known = limits[name];
  if (!known) throw invalid(`There is no limit "${name}"; there are ${limitNames.join(', ')}`);
  return [known[0], known[1](value)];
}

function splitPair(text: string, option: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw invalid(`${option} takes NAME=VALUE, not "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw invalid(`"${text}" is no whole number`);
  return Number(text);
}

function invalid(message: string, cause?: unknown): GantryError {
  return new GantryError('INPUT_INVALID', `${message}.`, { cause });
}
