import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import type { SessionRun } from '../../capabilities/coding/session-reply.ts';
import type { Cli } from '../cli.ts';
import type { Client } from '../client.ts';

const run = promisify(execFile);
const branchName = /^gantry\/[a-z0-9][a-z0-9-]{0,60}$/;

/**
 * Brings the branch of a session into a repository of this machine, from the bundle that the session left: nothing is
 * checked out, and no hook runs. CONFLICT when the branch is there with other commits, or the repository lacks the base.
 */
export async function fetchBranch(
  cli: Cli,
  client: Client,
  { id, output }: SessionRun,
  repository: string,
): Promise<void> {
  const { branch = null, bundleFile = null } = output ?? {};
  if (branch === null || bundleFile === null)
    throw new GantryError(
      'CONFLICT',
      `The session has left no branch to fetch. See \`gantry session show ${id}\`.`,
    );
  if (!branchName.test(branch))
    throw new GantryError('CONFLICT', `"${inert(branch)}" is no name of a session's branch.`);
  const directory = resolve(repository.replace(/^~(?=\/|$)/, homedir()));
  const temporary = await mkdtemp(join(tmpdir(), 'gantry-branch-'));
  try {
    const file = join(temporary, 'branch.bundle');
    await writeFile(file, await client.bytes(`/runs/${id}/files/${bundleFile}`));
    await fetchFrom(directory, file, branch, id);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const base = await baseOf(directory);
  cli.terminal.note(
    `gantry: The work is on the branch ${branch}. Look at it with \`git diff ${base}...${branch}\`.`,
  );
}

const careful = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'transfer.fsckObjects=true', '-c', 'fetch.fsckObjects=true'],
  ...['-c', 'core.fsmonitor=false', '-c', 'protocol.allow=never', '-c', 'protocol.file.allow=always'],
];

async function fetchFrom(directory: string, file: string, branch: string, id: string): Promise<void> {
  const flags = [
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-recurse-submodules',
  ];
  const ref = `refs/heads/${branch}`;
  try {
    await run('git', [...careful, 'fetch', ...flags, '--', file, `${ref}:${ref}`], { cwd: directory });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    const why = inert(said.split('\n').find((line) => line !== '') ?? 'git failed');
    const lacks = /prerequisite/i.test(said);
    const what = lacks
      ? `${directory} lacks the commit that the session began from`
      : `git could not fetch the branch ${branch} into ${directory} (${why})`;
    const instead = `\`gantry session diff ${id} | git apply\` brings the changes without the commits.`;
    throw new GantryError('CONFLICT', `${what}. Nothing was changed there. ${instead}`, { cause });
  }
}

/** What the branch is compared with: the one that is checked out. */
async function baseOf(directory: string): Promise<string> {
  const words = ['symbolic-ref', '--quiet', '--short', 'HEAD'];
  return run('git', words, { cwd: directory }).then(
    ({ stdout }) => stdout.trim(),
    () => 'HEAD',
  );
}
