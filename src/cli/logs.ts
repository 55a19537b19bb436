import { watch } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import { toJson, type Cli } from './cli.ts';
import { logPath } from './log-file.ts';

const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Prints the last lines of the server's log, readable (with `--json` as they are written), and follows it if asked to. */
export async function showLogs(cli: Cli, options: { follow?: boolean; lines: string }): Promise<void> {
  if (!/^\d+$/.test(options.lines)) {
    throw new GantryError('INPUT_INVALID', `--lines takes a number, not "${options.lines}".`);
  }
  const path = logPath((await cli.config()).dataDir);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GantryError(
      'NOT_FOUND',
      `There is no log at ${path} that you may read. \`gantry up\` writes one.`,
      { cause },
    );
  });
  const count = Number(options.lines);
  const lines = text.split('\n').slice(0, -1);
  for (const line of count === 0 ? [] : lines.slice(-count)) show(cli, line);
  if (options.follow) await follow(path, Buffer.byteLength(text), (line) => show(cli, line));
}

function show(cli: Cli, line: string): void {
  cli.terminal.print(cli.flags.json ? toJson(parse(line) ?? line, 0) : readable(line));
}

/** `10:45:46 warn  message  field=value`: one inert line. */
function readable(line: string): string {
  const entry = parse(line);
  if (!entry) return inert(line);
  const { time, level, msg, ...fields } = entry;
  const at = typeof time === 'string' ? time.slice(0, 19).replace('T', ' ') : '';
  const name = levels[Number(level)] ?? String(level);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${brief(value)}`);
  return inert([at, name.padEnd(5), String(msg ?? ''), ...rest].join('  '));
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function brief(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return JSON.stringify(value);
}

/** Hands on every line that is added, also when the file begins anew. Never ends. */
async function follow(path: string, from: number, onLine: (line: string) => void): Promise<void> {
  let at = from;
  let rest = Buffer.alloc(0);
  for await (const _ of changes(path)) {
    const size = await stat(path).then(
      (found) => found.size,
      () => at,
    );
    if (size < at) at = 0;
    const added = await read(path, at, size);
    at += added.length;
    const whole = Buffer.concat([rest, added]);
    const end = whole.lastIndexOf('\n') + 1;
    rest = whole.subarray(end);
    for (const line of whole.toString('utf8', 0, end).split('\n').slice(0, -1)) onLine(line);
  }
}

async function* changes(path: string): AsyncGenerator<void> {
  let wake = Promise.withResolvers<void>();
  watch(dirname(path), (_, name) => name === basename(path) && wake.resolve());
  for (;;) {
    yield;
    await wake.promise;
    wake = Promise.withResolvers<void>();
  }
}

async function read(path: string, from: number, to: number): Promise<Buffer> {
  if (to <= from) return Buffer.alloc(0);
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
