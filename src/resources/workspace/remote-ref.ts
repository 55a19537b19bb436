import { GantryError } from '../../base/errors.ts';
import { runHostGit, type HostGitRequest } from './host-git.ts';

/** What a name means at a remote at this moment. */
export interface RemoteRef {
  readonly commit: string;
  /** The whole name: `refs/heads/main`. */
  readonly name: string;
  /** Null unless it is a branch. */
  readonly branch: string | null;
}

export const fullHash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

type Access = Pick<HostGitRequest, 'credential' | 'proxyUrl' | 'ssh' | 'signal'> & {
  readonly remote: string;
};

/**
 * Asks the remote for a branch, tag or whole name of a ref, or for its default branch. Undefined when it has no such
 * name; null when it has no commits at all. Throws what `explainGit` says.
 */
export async function findRemoteRef(
  access: Access,
  ref: string | undefined,
): Promise<RemoteRef | null | undefined> {
  if (ref !== undefined) assertRef(ref);
  const wanted =
    ref === undefined
      ? ['HEAD']
      : [
          `refs/heads/${ref}`,
          `refs/tags/${ref}`,
          `refs/tags/${ref}^{}`,
          ...(ref.startsWith('refs/') ? [ref] : []),
        ];
  const listed = await list(access, wanted);
  if (ref === undefined) return defaultOf(access, listed);
  const name = wanted.find((each) => !each.endsWith('^{}') && listed.refs.has(each));
  if (name === undefined) return undefined;
  const commit = listed.refs.get(`${name}^{}`) ?? listed.refs.get(name) ?? '';
  return { commit, name, branch: branchOf(name) };
}

/** What one branch is at the remote; undefined when it is not there. Throws what `explainGit` says. */
export async function remoteBranch(access: Access, branch: string): Promise<string | undefined> {
  assertRef(branch);
  const name = `refs/heads/${branch}`;
  const { refs } = await list(access, [name]);
  return refs.get(name);
}

async function defaultOf(access: Access, { refs, head }: Listed): Promise<RemoteRef | null> {
  const commit = refs.get('HEAD');
  if (commit !== undefined) return { commit, name: head ?? 'HEAD', branch: head ? branchOf(head) : null };
  const { refs: branches } = await list(access, ['refs/heads/*']);
  const [any] = branches.keys();
  if (any === undefined) return null;
  throw new GantryError(
    'NOT_FOUND',
    `The repository's default branch does not exist. Name a branch, such as ${branchOf(any) ?? any}, or set another default at its server.`,
  );
}

interface Listed {
  readonly refs: ReadonlyMap<string, string>;
  readonly head: string | undefined;
}

async function list(access: Access, patterns: readonly string[]): Promise<Listed> {
  const text = await runHostGit({
    args: ['ls-remote', '--symref'],
    operands: [access.remote, ...patterns],
    ...access,
    timeoutMs: 60_000,
  });
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const line of text.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (value.startsWith('ref: ')) head = value.slice(5);
    else if (fullHash.test(value)) refs.set(name, value);
  }
  return { refs, head };
}

function branchOf(name: string): string | null {
  return name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : null;
}

/** What git itself calls a proper name (git-check-ref-format), and no pattern; INPUT_INVALID for anything else. */
export function assertRef(ref: string): void {
  const proper =
    ref !== '' &&
    !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|\.lock(\/|$)|(^|\/)\./.test(ref) &&
    ref !== '@';
  if (!proper)
    throw new GantryError(
      'INPUT_INVALID',
      `${JSON.stringify(ref.slice(0, 100))} can't be the name of a branch, tag or commit.`,
    );
}
