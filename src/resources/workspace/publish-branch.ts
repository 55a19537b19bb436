import { GantryError } from '../../base/errors.ts';
import type { Repository } from '../../contract/repository.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { WorkspaceParts } from './create-workspaces.ts';
import { withForge } from '../repositories/with-forge.ts';
import { inHistory } from './history-sandbox.ts';
import { packScript } from './history-scripts.ts';
import type { MirrorSource } from './mirrors.ts';
import { assertRef, fullHash } from './remote-ref.ts';
import { taskOf } from './resolve.ts';
import type { PublishRequest, WorkspaceBase } from './workspace.ts';

/** What `Workspaces.publish` says. */
export async function publishBranch(
  parts: WorkspaceParts,
  step: StepContext,
  request: PublishRequest,
): Promise<void> {
  const { base, head, branch, replaces } = request;
  assertRef(branch);
  for (const commit of replaces === null ? [head] : [head, replaces])
    if (!fullHash.test(commit))
      throw new GantryError('INPUT_INVALID', 'A push names its commits by their full hashes.');
  const connected = await remoteOf(parts, base);
  const task = taskOf(step, connected.name);
  await withWriting(parts, connected, async (source) => {
    const there = (await parts.mirrors.branch(source, branch, task)) ?? null;
    if (there === head) return;
    if (there !== replaces) throw moved(branch, there, replaces);
    const packed = await pack(parts, step, request);
    // What it stands on may have gone on; the push is small only from what the remote has now.
    const latest = base.branch === null ? undefined : await parts.mirrors.branch(source, base.branch, task);
    const ground = latest ?? base.commit;
    const mirror = ground === null ? undefined : await parts.mirrors.open(source, ground, task);
    try {
      await parts.mirrors.push(source, { head, branch, replaces, ...packed, mirror: mirror?.path }, task);
    } finally {
      await mirror?.release();
    }
  });
}

/** The connected repository of a base; FORGE_UNABLE for an upload. */
export async function remoteOf(
  { repositories }: WorkspaceParts,
  { repository }: WorkspaceBase,
): Promise<Repository> {
  if (repository.kind === 'connected') return repositories.get(repository.name);
  throw new GantryError(
    'FORGE_UNABLE',
    'The repository was uploaded, so there is no remote to ask or to push to. Take the commits as a bundle, or connect the repository.',
  );
}

/** Gives the work a credential that may push, and ends it afterwards. */
async function withWriting(
  { repositories, log }: WorkspaceParts,
  connected: Repository,
  work: (source: MirrorSource) => Promise<void>,
): Promise<void> {
  const place = { scope: connected.id, url: connected.url };
  if (connected.auth === 'none') return work({ ...place, credential: async () => null });
  await withForge(repositories, connected, async (forge) => {
    const credential = await forge.credential('write');
    try {
      // It is lent for all of the work, so no single use ends it.
      const lent = credential && { ...credential, revoke: async () => undefined };
      await work({ ...place, credential: async () => lent });
    } finally {
      await credential
        ?.revoke()
        .catch((error: unknown) =>
          log.warn({ err: error, repository: connected.name }, 'a credential could not be ended'),
        );
    }
  });
}

/** The commits as one pack and its index, made and checked in a sandbox. */
function pack(
  parts: WorkspaceParts,
  step: StepContext,
  { base, head }: PublishRequest,
): Promise<{ pack: Buffer; index: Buffer }> {
  return inHistory(parts, step, base, [head], async ({ history, run }) => {
    const own = history.own.map(({ commit }) => commit);
    if (!own.includes(head))
      throw new GantryError(
        'INPUT_INVALID',
        'Only commits that this run has made are pushed. Commit the files first.',
      );
    const most = parts.checkpointBytes;
    const printed = await run({
      script: packScript,
      args: [head, String(most), history.roots.join(' '), own.join(' ')],
      maxOutput: 2 * most,
      doing: 'packing the commits',
      meanings: { 9: () => tooLarge(most) },
    });
    const end = printed.indexOf('\n');
    const [bytes = 0, indexBytes = 0] = printed.subarray(0, end).toString().split(' ').map(Number);
    const rest = printed.subarray(end + 1);
    if (bytes === 0 || rest.length !== bytes + indexBytes)
      throw new GantryError('WORKSPACE_FAILED', 'The workspace answered what it should not. Try again.');
    return { pack: rest.subarray(0, bytes), index: rest.subarray(bytes) };
  });
}

function tooLarge(most: number): GantryError {
  return new GantryError(
    'WORKSPACE_FULL',
    `The commits of the branch take more than ${Math.round(most / 1024 ** 2)} MiB, so they were not pushed. Take large files out of them, or have an operator raise GANTRY_CHECKPOINT_MIB.`,
  );
}

function moved(branch: string, there: string | null, replaces: string | null): GantryError {
  const why =
    there === null
      ? 'is no longer at the remote: somebody deleted it'
      : replaces === null
        ? 'is at the remote already, and Gantry has not made it'
        : 'has other commits than Gantry put there: somebody pushed to it';
  return new GantryError(
    'BRANCH_MOVED',
    `The branch ${branch} ${why}. Nothing was pushed. Take what is there into account, or choose another branch.`,
  );
}
