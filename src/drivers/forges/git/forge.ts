import { GantryError } from '../../../base/errors.ts';
import type {
  Branch,
  Forge,
  ForgeAccess,
  GitCredential,
  RemoteRepository,
} from '../../../resources/ports/forge.ts';
import { withoutLogin } from '../../../resources/ports/git-words.ts';
import { explainGit } from './explain.ts';
import { headName, readRefs } from './refs.ts';
import { unable } from './unable.ts';

/** Any remote that git reaches over https, ssh or a path. It knows branches; results are branches and pages of changes. */
export function openGitForge(access: ForgeAccess): Forge {
  const remote = access.repository;
  const none = (what: string) => () => Promise.reject(unable(what));
  const noneOf = (what: string): AsyncIterable<never> => ({
    [Symbol.asyncIterator]: () => ({ next: none(what) }),
  });
  return {
    kind: 'git',
    abilities: {
      pulls: false,
      issues: false,
      statuses: false,
      checks: false,
      reviews: false,
      scopedCredentials: false,
    },
    describe: () => describe(access),
    branch: async (name) =>
      (await branches(access, [`refs/heads/${name}`])).find((each) => each.name === name),
    branches: async function* () {
      yield* await branches(access, []);
    },
    credential: async () => credentialOf(access, remote),
    pull: none('pull requests'),
    pulls: () => noneOf('pull requests'),
    openPull: none('pull requests'),
    updatePull: none('pull requests'),
    pullDiff: none('pull requests'),
    issue: none('issues'),
    comments: () => noneOf('comments'),
    comment: none('comments'),
    setStatus: none('commit statuses'),
    permission: none('members'),
    checks: none('checks of commits'),
    reviewComments: () => noneOf('reviews'),
    reply: none('reviews'),
    close: async () => undefined,
  };
}

async function describe(access: ForgeAccess): Promise<RemoteRepository> {
  const remote = access.repository;
  const refs = readRefs(await ask(access, ['ls-remote', '--symref'], ['HEAD', 'refs/heads/*']), remote);
  return {
    fullName: nameOf(remote),
    cloneUrl: remote,
    webUrl: null,
    defaultBranch: headName(refs),
    // Git doesn't tell; what isn't known to be public is treated as private.
    isPrivate: true,
    isArchived: false,
    mayPush: access.auth.kind !== 'none' || isPath(remote),
  };
}

async function branches(access: ForgeAccess, patterns: readonly string[]): Promise<Branch[]> {
  const text = await ask(access, ['ls-remote', '--heads'], patterns);
  return readRefs(text, access.repository).branches;
}

async function ask(
  { repository: remote, runGit, auth, signal }: ForgeAccess,
  command: readonly string[],
  patterns: readonly string[],
): Promise<string> {
  if (auth.kind === 'app')
    throw new GantryError('INPUT_INVALID', 'Plain git knows no Apps. Use a token, an ssh key or nothing.');
  if (/^-|[\0\r\n]|^[a-z0-9+.-]*::/i.test(remote))
    throw new GantryError(
      'INPUT_INVALID',
      'That is no address of a git repository. Write it as https, ssh, git@host:path or a path.',
    );
  const credential = credentialOf({ auth }, remote);
  const answer = await runGit({ command, remote, patterns, credential, ...(signal && { signal }) });
  if (answer.exitCode !== 0) throw explainGit(remote, answer);
  return answer.stdout;
}

function credentialOf({ auth }: Pick<ForgeAccess, 'auth'>, remote: string): GitCredential | null {
  const standing = { expiresAt: null, revoke: async () => undefined };
  if (auth.kind === 'token' && /^https?:/i.test(remote))
    return { ...standing, username: auth.username ?? 'git', password: auth.token };
  if (auth.kind === 'ssh') {
    const { privateKey, knownHosts } = auth;
    return { ...standing, username: 'git', password: '', ssh: { privateKey, knownHosts } };
  }
  return null;
}

/** `acme/shop` of `git@host:acme/shop.git`. */
function nameOf(remote: string): string {
  const path = withoutLogin(remote)
    .replace(/^[a-z+.-]+:\/\/[^/]*/i, '')
    .replace(/^[^/]*:/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const parts = path.split('/').filter((part) => part !== '');
  return parts.slice(isPath(remote) ? -1 : -2).join('/') || 'repository';
}

function isPath(remote: string): boolean {
  return remote.startsWith('/') || remote.startsWith('file:');
}
