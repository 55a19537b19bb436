import { hash } from 'node:crypto';
import { closeSync, constants, lstatSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../base/format-bytes.ts';
import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { RunFile } from '../contract/file.ts';
import { answer, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { resolveRunId } from './run-id.ts';
import { table } from './table.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

interface SaveOptions {
  readonly directory: string;
  readonly force: boolean;
}

/** Lists the files that a run left, or writes them below a directory. */
export async function filesOfRun(
  cli: Cli,
  text: string,
  options: { output?: string; force?: boolean },
): Promise<void> {
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const { items } = await client.call<{ items: RunFile[] }>('GET', `/runs/${id}/files`);
  if (options.output !== undefined) {
    await saveFiles(cli, client, id, items, { directory: options.output, force: options.force ?? false });
    return;
  }
  const rows = items.map(({ name, bytes, mediaType }) => [inert(name), formatBytes(bytes), mediaType]);
  const none = 'The run left no files. A program leaves them in /output.';
  answer(cli, { items }, () =>
    rows.length === 0 ? none : table(['NAME', 'SIZE', 'TYPE'], rows, cli.terminal.columns),
  );
}

/**
 * Writes the files of a run below a directory, whatever their names say: never through a link, never outside, never over
 * what is there unless forced. Hidden names are left out: tools act on such files by themselves.
 */
export async function saveFiles(
  cli: Cli,
  client: Client,
  runId: string,
  files: readonly RunFile[],
  { directory, force }: SaveOptions,
): Promise<void> {
  const wanted = files.filter(({ name }) => isSafe(name));
  mkdirSync(directory, { recursive: true });
  if (!force) for (const { name } of wanted) refuseThere(directory, name);
  for (const file of wanted) {
    const content = await client.bytes(`/runs/${runId}/files/${file.id}`);
    if (hash('sha256', content) !== file.sha256)
      throw new GantryError('SERVER_UNREACHABLE', `${inert(file.name)} did not arrive as it is. Try again.`);
    write(directory, file.name, content, force);
    cli.terminal.note(`gantry: ${inert(join(directory, file.name))} (${formatBytes(file.bytes)})`);
  }
  for (const { name } of files)
    if (!isSafe(name))
      cli.terminal.note(
        `gantry: ${inert(name)} was not written: its name is hidden or unsafe. It is in the run's archive.`,
      );
}

function isSafe(name: string): boolean {
  return inert(name) === name && name.split('/').every((part) => part !== '' && !part.startsWith('.'));
}

function refuseThere(directory: string, name: string): void {
  const path = join(directory, name);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw new GantryError(
    'CONFLICT',
    `${inert(path)} is there already, and nothing was written. Overwrite with --force, or name another directory.`,
  );
}

function write(directory: string, name: string, content: Uint8Array, force: boolean): void {
  const parts = name.split('/');
  const last = parts.pop() ?? '';
  let place = directory;
  for (const part of parts) {
    place = join(place, part);
    const entry = lstatSync(place, { throwIfNoEntry: false });
    if (entry === undefined) mkdirSync(place);
    else if (!entry.isDirectory())
      throw new GantryError(
        'CONFLICT',
        `${inert(place)} is no directory, so ${inert(name)} can't be written.`,
      );
  }
  const path = join(place, last);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new GantryError('CONFLICT', `${inert(path)} is a directory.`);
  if (there && force) unlinkSync(path);
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  try {
    for (let at = 0; at < content.length;) at += writeSync(fd, content, at);
  } finally {
    closeSync(fd);
  }
}
