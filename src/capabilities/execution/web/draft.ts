import type { ExecutionInput } from '../schema.ts';
import { joinWords, splitWords } from './words.ts';

export interface DraftFile {
  /** Stays when the file is renamed. */
  readonly id: number;
  readonly name: string;
  readonly content: string;
  readonly encoding: 'utf8' | 'base64';
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** How a program gets its input: as a text beforehand, by the line while it runs, or from a terminal. */
export type InputMode = 'text' | 'lines' | 'terminal';

/** A program while it is written: what `POST /executions` takes, as people edit it. */
export interface Draft {
  readonly language: string;
  /** Empty for the newest. */
  readonly version: string;
  readonly files: readonly DraftFile[];
  /** Id of the file that runs. */
  readonly entry: number;
  readonly mode: InputMode;
  readonly stdin: string;
  /** As a shell would read them. */
  readonly args: string;
  readonly env: readonly Variable[];
  readonly limits: Readonly<Record<string, number>>;
  /** Models that it may ask, which cost money. */
  readonly models: readonly string[];
  readonly compile: ExecutionInput['compile'];
  readonly output: ExecutionInput['output'];
}

/** What a terminal has until the page says how large it is. */
const firstSize = { rows: 24, cols: 80 };

let lastId = 0;

/** A file with an id of its own. */
export function newFile(name: string, content = '', encoding: DraftFile['encoding'] = 'utf8'): DraftFile {
  lastId += 1;
  return { id: lastId, name, content, encoding };
}

/** What runs; undefined while the arguments can't be read as words. */
export function inputOf(draft: Draft): ExecutionInput | undefined {
  const { words } = splitWords(draft.args);
  if (words === undefined) return undefined;
  const env = draft.env.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]);
  const entry = draft.files.findIndex(({ id }) => id === draft.entry);
  return {
    language: draft.language,
    ...(draft.version !== '' && { version: draft.version }),
    files: draft.files.map(({ name, content, encoding }) =>
      encoding === 'base64' ? { name, content, encoding } : { name, content },
    ),
    ...(entry > 0 && { entry: draft.files[entry]?.name ?? '' }),
    ...(draft.mode !== 'terminal' && draft.stdin !== '' && { stdin: draft.stdin }),
    ...(words.length > 0 && { args: [...words] }),
    ...(env.length > 0 && { env: Object.fromEntries(env) }),
    ...(Object.keys(draft.limits).length > 0 && { limits: { ...draft.limits } }),
    ...(draft.models.length > 0 && { models: [...draft.models] }),
    ...(draft.compile && { compile: draft.compile }),
    ...(draft.output && { output: draft.output }),
    ...(draft.mode !== 'text' && { interactive: true }),
    ...(draft.mode === 'terminal' && { terminal: firstSize }),
  };
}

/** The draft of an input that was saved, run or linked; undefined for anything else. Takes what fits and leaves the rest. */
export function draftOf(value: unknown): Draft | undefined {
  if (!isRecord(value) || typeof value['language'] !== 'string' || !Array.isArray(value['files']))
    return undefined;
  const files = value['files']
    .filter(isFile)
    .map(({ name, content, encoding }) => newFile(name, content, encoding));
  const [first] = files;
  if (!first) return undefined;
  const { args, env, limits, models, compile, output } = value;
  return {
    language: value['language'],
    version: textOr(value['version'], ''),
    files,
    entry: files.find(({ name }) => name === value['entry'])?.id ?? first.id,
    mode: value['terminal'] ? 'terminal' : value['interactive'] === true ? 'lines' : 'text',
    stdin: textOr(value['stdin'], ''),
    args: Array.isArray(args) ? joinWords(args.filter((word) => typeof word === 'string')) : '',
    env: isRecord(env)
      ? Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [{ name, value }] : []))
      : [],
    limits: isRecord(limits) ? numbersOf(limits) : {},
    models: Array.isArray(models) ? models.filter((model) => typeof model === 'string') : [],
    compile: isRecord(compile) ? compile : undefined,
    output: isRecord(output) ? output : undefined,
  };
}

/** Whether two drafts would run the same. */
export function sameProgram(one: Draft, other: Draft): boolean {
  return (
    JSON.stringify([inputOf(one), one.args, one.stdin]) ===
    JSON.stringify([inputOf(other), other.args, other.stdin])
  );
}

function isFile(value: unknown): value is { name: string; content: string; encoding?: 'utf8' | 'base64' } {
  if (!isRecord(value)) return false;
  const { name, content, encoding } = value;
  const known = encoding === undefined || encoding === 'utf8' || encoding === 'base64';
  return typeof name === 'string' && typeof content === 'string' && known;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function numbersOf(record: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
}
