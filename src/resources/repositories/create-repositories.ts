import { GantryError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import { repositoryNameSchema, type Repository } from '../../contract/repository.ts';
import type { Database } from '../../store/database.ts';
import type { Forge, ForgeKind, RemoteRepository } from '../ports/forge.ts';
import type { Secrets } from '../secrets/secrets.ts';
import {
  candidatesFor,
  credentialScope,
  readCredentials,
  type Candidate,
  type InstanceAccess,
  type OpenForge,
  type Reachable,
} from './access.ts';
import { isAt, parseAddress, type ForgeBases, type RepositoryAddress } from './address.ts';
import { checkPath } from './server-path.ts';
import { emptyFinding, findingOf, isRefusal } from './problems.ts';
import type { NewRepository, Repositories } from './repositories.ts';
import {
  findRemote,
  findRow,
  insertRow,
  listRows,
  taken,
  toRepository,
  type RepositoryRow,
} from './repository-rows.ts';

export interface RepositoriesOptions {
  readonly db: Database;
  readonly secrets: Secrets;
  readonly open: OpenForge;
  /** The operator's own way into a forge, by kind; asked at the time of use. */
  readonly instance: (kind: ForgeKind) => Promise<InstanceAccess | undefined>;
  readonly bases: ForgeBases;
  /** Directories of the server below which repositories may lie. */
  readonly paths: readonly string[];
  /** Throws what forbids it when an address of a user leads inside. */
  readonly checkOutgoing: (url: string) => Promise<unknown>;
  /** Deletes what is kept of a repository outside of the database: mirrors and caches. */
  readonly forget: (name: string) => Promise<void>;
}

export function createRepositories(options: RepositoriesOptions): Repositories {
  const { db, secrets, forget } = options;
  return {
    connect: (request) => connect(options, request),
    list: async () => (await listRows(db)).map(toRepository),
    get: async (name) => toRepository(await findRow(db, name)),
    find: async (forge, remote, pageUrl) => {
      const row = (await findRemote(db, forge, remote)).find((each) => isAt(each, pageUrl));
      return row && toRepository(row);
    },
    check: async (name) => check(options, await findRow(db, name)),
    replaceToken: async (name, token, by) => replaceToken(options, await findRow(db, name), token.trim(), by),
    remove: async (name) => {
      const row = await findRow(db, name);
      await forget(row.name);
      await remove(options, row);
    },
    forge: async ({ name }) => {
      const row = await findRow(db, name);
      const at = { ...row, ...(await readCredentials(secrets, row.name)) };
      const [first, ...others] = await ways(options, at);
      const known = [first, ...others].find((candidate) => candidate?.auth === row.auth) ?? first;
      if (!known) throw new GantryError('INTERNAL', `There is no way into ${row.name}.`);
      return opened(options, at, known);
    },
  };
}

async function connect(options: RepositoriesOptions, request: NewRepository): Promise<Repository> {
  const { db, secrets, bases } = options;
  const withSshKey = request.sshKey !== undefined;
  const address = parseAddress({ url: request.url, forge: request.forge, withSshKey }, bases);
  await refuseForbidden(options, address, request);
  const knownHosts = request.knownHosts ?? '';
  const at: Reachable = {
    ...address,
    ...(request.token !== undefined && { token: request.token.trim() }),
    ...(request.sshKey !== undefined && { ssh: { privateKey: request.sshKey, knownHosts } }),
  };
  const asked = request.name ?? address.name;
  if (asked !== undefined) await refuseTaken(db, { ...address, name: asked });
  const { remote, auth } = await look(options, at).catch((thrown: unknown) => {
    throw explained(thrown, request.url.trim(), at);
  });
  const name = requireName(request.name ?? (address.forge === 'git' ? address.name : remote.fullName));
  const found = remote.defaultBranch === null ? emptyFinding : { status: 'ok' as const, problem: null };
  const row = await insertRow(db, {
    id: newId(),
    name,
    forge: address.forge,
    baseUrl: address.baseUrl,
    remote: address.remote,
    url: remote.cloneUrl,
    webUrl: remote.webUrl,
    defaultBranch: remote.defaultBranch,
    isPrivate: remote.isPrivate,
    auth,
    ...found,
    createdBy: request.by,
  });
  try {
    // A token that was tried for one of this name while it was removed is not for this one, which may be elsewhere.
    await forgetCredentials(db, name);
    await keepCredentials(secrets, name, at, request.by);
  } catch (error) {
    await remove(options, row);
    throw error;
  }
  return toRepository(row);
}

async function refuseForbidden(
  options: RepositoriesOptions,
  address: RepositoryAddress,
  request: NewRepository,
): Promise<void> {
  if (request.token !== undefined && !/^https?$/.test(address.protocol)) {
    const message = 'A token lets in over https only. Leave it out, or give the https address.';
    throw new GantryError('INPUT_INVALID', message, {
      problems: [{ path: 'token', message: 'goes with https' }],
    });
  }
  if (request.sshKey !== undefined && address.protocol !== 'ssh') {
    const message = 'An ssh key goes with an ssh address, such as git@example.com:acme/shop.git.';
    throw new GantryError('INPUT_INVALID', message, {
      problems: [{ path: 'sshKey', message: 'goes with ssh' }],
    });
  }
  if (request.sshKey !== undefined && (request.knownHosts ?? '').trim() === '') {
    const message =
      'Say which host keys are the right ones: the lines that `ssh-keyscan` prints for the host, compared with what its operator says.';
    throw new GantryError('INPUT_INVALID', message, {
      problems: [{ path: 'knownHosts', message: 'is needed for ssh' }],
    });
  }
  if (address.protocol === 'file') await checkPath(address.remote, options.paths);
  else if (!isTrusted(options, address)) await options.checkOutgoing(webAddress(address));
}

/** What a look over the outgoing filter takes; of ssh only the host counts. */
function webAddress({ baseUrl, forge, protocol, remote }: RepositoryAddress): string {
  if (forge !== 'git') return baseUrl ?? (forge === 'github' ? 'https://github.com' : 'https://gitlab.com');
  if (protocol !== 'ssh') return remote;
  const host = URL.parse(remote)?.hostname || (/^(?:[^@]+@)?([^:]+):/.exec(remote)?.[1] ?? '');
  return `https://${host}`;
}

async function refuseTaken(
  db: Database,
  row: Pick<RepositoryRow, 'name' | 'forge' | 'baseUrl' | 'remote'>,
): Promise<void> {
  const rows = await db.query(
    `SELECT FROM repositories WHERE lower(name) = lower($1)
       OR (forge = $2 AND coalesce(base_url, '') = $3 AND lower(remote) = lower($4))`,
    [row.name, row.forge, row.baseUrl ?? '', row.remote],
  );
  if (rows.length > 0) throw await taken(db, row);
}

function requireName(name: string | undefined): string {
  const parsed = repositoryNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new GantryError('INPUT_INVALID', 'Give the repository a name, such as acme/shop.', {
    problems: [{ path: 'name', message: 'must look like acme/shop' }],
  });
}

/** The error of a first look in the words of a repository's page: nothing was connected, and why. */
function explained(thrown: unknown, url: string, at: Reachable): unknown {
  if (!(thrown instanceof GantryError) || thrown.code === 'FORGE_RATE_LIMITED') return thrown;
  const auth = at.ssh ? 'ssh' : at.token === undefined ? 'none' : 'token';
  try {
    const { problem } = findingOf(thrown, { url, auth });
    return new GantryError(thrown.code, problem ?? thrown.message, { cause: thrown });
  } catch {
    return thrown;
  }
}

/** A token that doesn't work replaces none that may. */
async function replaceToken(
  options: RepositoriesOptions,
  row: RepositoryRow,
  token: string,
  by: string | null,
): Promise<Repository> {
  if (!/^https?:/.test(row.url)) {
    const message = `${row.name} is reached by ${row.url}, where no token lets in. Remove it and connect its https address.`;
    throw new GantryError('INPUT_INVALID', message, {
      problems: [{ path: 'token', message: 'goes with https' }],
    });
  }
  const at = { forge: row.forge, baseUrl: row.baseUrl, remote: row.remote, token };
  await look(options, at).catch((thrown: unknown) => {
    throw explained(thrown, row.url, at);
  });
  if ((await findRow(options.db, row.name)).id !== row.id)
    throw new GantryError(
      'CONFLICT',
      `${row.name} was connected anew meanwhile. Look at it, then try again.`,
    );
  await keepCredentials(options.secrets, row.name, at, by);
  return check(options, row);
}

async function check(options: RepositoriesOptions, row: RepositoryRow): Promise<Repository> {
  const { db, secrets } = options;
  const at = { ...row, ...(await readCredentials(secrets, row.name)) };
  const found = await look(options, at).then(
    ({ remote, auth }) => ({
      auth,
      ...(remote.defaultBranch === null ? emptyFinding : { status: 'ok' as const, problem: null }),
      remote,
    }),
    (thrown: unknown) => ({ auth: row.auth, ...findingOf(thrown, row), remote: undefined }),
  );
  await db.query(
    `UPDATE repositories SET status = $2, problem = $3, auth = $4, checked_at = now(), url = $5, web_url = $6,
       default_branch = $7, is_private = $8 WHERE id = $1`,
    [
      row.id,
      found.status,
      found.problem,
      found.auth,
      found.remote?.cloneUrl ?? row.url,
      found.remote ? found.remote.webUrl : row.webUrl,
      found.remote ? found.remote.defaultBranch : row.defaultBranch,
      found.remote?.isPrivate ?? row.isPrivate,
    ],
  );
  return toRepository(await findRow(db, row.name));
}

/** Asks the forge by each way in until one is let in. */
async function look(
  options: RepositoriesOptions,
  at: Reachable,
): Promise<{ remote: RemoteRepository; auth: Repository['auth'] }> {
  let refused: unknown;
  for (const candidate of await ways(options, at)) {
    try {
      const forge = await opened(options, at, candidate);
      const remote = await forge.describe().finally(() => forge.close());
      // Plain git can't tell; what lets everybody in is public.
      const isPublic = candidate.auth === 'none' && /^https?:/.test(remote.cloneUrl);
      return { remote: isPublic ? { ...remote, isPrivate: false } : remote, auth: candidate.auth };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

async function ways(options: RepositoriesOptions, at: Reachable): Promise<Candidate[]> {
  const own = isTrusted(options, at) ? await options.instance(at.forge) : undefined;
  return candidatesFor(at, own);
}

/** The operator's credentials go to the operator's forge: the configured one, or else the public one. */
function isTrusted(
  { bases, paths }: RepositoriesOptions,
  at: Pick<Reachable, 'forge' | 'baseUrl' | 'remote'>,
): boolean {
  if (at.forge === 'git') return at.remote.startsWith('/') && paths.length > 0;
  const base = bases[at.forge];
  if (base === undefined) return at.baseUrl === null;
  return at.baseUrl !== null && new URL(at.baseUrl).origin === new URL(base).origin;
}

function opened(options: RepositoriesOptions, at: Reachable, { value }: Candidate): Promise<Forge> {
  const base = at.baseUrl === null ? {} : { baseUrl: at.baseUrl };
  return options.open(at.forge, { ...base, repository: at.remote, auth: value }, isTrusted(options, at));
}

async function keepCredentials(
  secrets: Secrets,
  name: string,
  at: Reachable,
  by: string | null,
): Promise<void> {
  const scope = credentialScope(name);
  const values = { token: at.token, 'ssh-key': at.ssh?.privateKey, 'known-hosts': at.ssh?.knownHosts };
  for (const [secret, value] of Object.entries(values))
    if (value !== undefined) await secrets.putSecret(scope, secret, value, by ?? undefined);
}

async function forgetCredentials(db: Database, name: string): Promise<void> {
  await db.query(`DELETE FROM secrets WHERE scope = 'system' AND owner = $1`, [`repository ${name}`]);
}

async function remove({ db }: RepositoriesOptions, { id, name }: RepositoryRow): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`DELETE FROM secret_grants WHERE kind = 'repository' AND lower(subject) = lower($1)`, [
      name,
    ]);
    await tx.query(
      `DELETE FROM secrets WHERE (scope = 'system' AND owner = $1) OR (scope = 'repository' AND owner = $2)`,
      [`repository ${name}`, name],
    );
    await tx.query('DELETE FROM repositories WHERE id = $1', [id]);
  });
}
