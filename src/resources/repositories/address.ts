import { GantryError } from '../../base/errors.ts';
import { repositoryNameSchema } from '../../contract/repository.ts';
import type { ForgeKind } from '../ports/forge.ts';

/** What an address means: which driver reads it, where its forge is, and what git clones. No credential in it. */
export interface RepositoryAddress {
  readonly forge: ForgeKind;
  /** The forge's own address; null for the public one, and for plain git. */
  readonly baseUrl: string | null;
  /** As the driver asks for it: `acme/shop`, or the whole address for plain git. */
  readonly remote: string;
  readonly protocol: 'https' | 'http' | 'ssh' | 'file';
  /** `acme/shop`; undefined when the address gives none that fits. */
  readonly name: string | undefined;
}

/** The forges that the operator runs, besides the public ones. */
export interface ForgeBases {
  readonly github?: string | undefined;
  readonly gitlab?: string | undefined;
}

export interface AddressRequest {
  readonly url: string;
  readonly forge?: ForgeKind | undefined;
  /** With a key of its own ssh is meant; without one, a forge is reached over https. */
  readonly withSshKey: boolean;
}

const publicHosts = { github: 'github.com', gitlab: 'gitlab.com' } as const;
const scpLike = /^(?:([^@/:\s]+)@)?([^@/:\s]+):(?!\/\/)(.+)$/;

/**
 * Reads an address as people paste it: https, ssh, `git@host:path`, `acme/shop`, or a path. The forge is told by its host.
 * INPUT_INVALID says how to write it.
 */
export function parseAddress(
  { url, forge, withSshKey }: AddressRequest,
  bases: ForgeBases,
): RepositoryAddress {
  const text = url.trim();
  if (text === '' || text.length > 2000 || /[\s\p{Cc}\p{Cf}]/u.test(text) || text.startsWith('-'))
    throw wrong();
  if (text.startsWith('/')) return plain(text, 'file', text);
  const short = /^[A-Za-z0-9][\w.-]*(\/[\w.-]+)+$/.exec(text);
  if (short && !text.includes('//'))
    return onForge(forge === 'gitlab' ? 'gitlab' : 'github', undefined, text, bases);
  const ssh = sshParts(text);
  if (ssh) return fromSsh(ssh, text, { forge, withSshKey }, bases);
  const parsed = URL.parse(text);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw wrong();
  if (parsed.username !== '' || parsed.password !== '') {
    const message =
      'The address holds a credential, which would be seen by everyone. Leave it out, and give the token as the token.';
    throw new GantryError('INPUT_INVALID', message, {
      problems: [{ path: 'url', message: 'holds a credential' }],
    });
  }
  const kind = forge ?? forgeOf(parsed.host, bases);
  const path = parsed.pathname.replace(/^\/+|\/+$/g, '');
  if (path === '') throw wrong();
  if (kind !== 'git') return onForge(kind, parsed.origin, path, bases);
  const protocol = parsed.protocol === 'https:' ? 'https' : 'http';
  return plain(`${parsed.origin}/${path}`, protocol, path);
}

/** Whether a page lies at the forge that a repository is connected at. */
export function isAt(
  { forge, baseUrl }: { readonly forge: ForgeKind; readonly baseUrl: string | null },
  pageUrl: string,
): boolean {
  if (forge === 'git') return false;
  const origin = baseUrl === null ? `https://${publicHosts[forge]}` : new URL(baseUrl).origin;
  return URL.parse(pageUrl)?.origin === origin;
}

interface SshParts {
  readonly host: string;
  readonly path: string;
}

function sshParts(text: string): SshParts | undefined {
  if (/^ssh:\/\//i.test(text)) {
    const parsed = URL.parse(text);
    if (!parsed || parsed.password !== '' || parsed.pathname.length < 2) throw wrong();
    return { host: parsed.host, path: parsed.pathname.slice(1) };
  }
  if (text.includes('::') || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  const [, , host, path] = scpLike.exec(text) ?? [];
  return host !== undefined && path !== undefined ? { host, path } : undefined;
}

function fromSsh(
  { host, path }: SshParts,
  text: string,
  { forge, withSshKey }: Pick<AddressRequest, 'forge' | 'withSshKey'>,
  bases: ForgeBases,
): RepositoryAddress {
  if (withSshKey) return plain(text, 'ssh', path);
  const name = host.replace(/:\d+$/, '');
  const kind = forge ?? forgeOf(name, bases);
  if (kind === 'git') {
    const message = `Gantry has no key for ${host}. Give an ssh key of its own (a deploy key), or the https address.`;
    throw new GantryError('INPUT_INVALID', message, {
      problems: [{ path: 'sshKey', message: 'is needed for ssh' }],
    });
  }
  return onForge(kind, originOf(kind, name, bases), path.replace(/^\/+/, ''), bases);
}

/** `acme/shop`, without `.git` and without what follows when the address is one of a page of the forge. */
function onForge(
  kind: 'github' | 'gitlab',
  origin: string | undefined,
  path: string,
  bases: ForgeBases,
): RepositoryAddress {
  const own = bases[kind];
  const base = origin ?? own;
  const parts = kind === 'github' ? path.split('/').slice(0, 2) : (path.split('/-/')[0] ?? '').split('/');
  const remote = parts.join('/').replace(/\.git$/, '');
  if (parts.length < 2 || parts.some((part) => /^\.*$/.test(part))) throw wrong();
  const isPublic = base === undefined || new URL(base).host === publicHosts[kind];
  const same = own !== undefined && base !== undefined && new URL(own).origin === new URL(base).origin;
  const baseUrl = isPublic ? null : same ? own.replace(/\/+$/, '') : base;
  return { forge: kind, baseUrl, remote, protocol: 'https', name: fitting(remote) };
}

function plain(remote: string, protocol: RepositoryAddress['protocol'], path: string): RepositoryAddress {
  const parts = path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter(Boolean);
  return { forge: 'git', baseUrl: null, remote, protocol, name: fitting(parts.slice(-2).join('/')) };
}

/** By the hosts that are known or configured; else by what the host is called. */
function forgeOf(host: string, bases: ForgeBases): ForgeKind {
  const hosts = (kind: 'github' | 'gitlab') => [publicHosts[kind], bases[kind] && new URL(bases[kind]).host];
  for (const kind of ['github', 'gitlab'] as const) if (hosts(kind).includes(host.toLowerCase())) return kind;
  const [label = ''] = /(?<=^|\.)(github|gitlab)(?=\.)/.exec(host.toLowerCase()) ?? [];
  return label === 'github' || label === 'gitlab' ? label : 'git';
}

function originOf(kind: 'github' | 'gitlab', host: string, bases: ForgeBases): string {
  const own = bases[kind];
  return own !== undefined && new URL(own).hostname === host ? own : `https://${host}`;
}

function fitting(name: string): string | undefined {
  return repositoryNameSchema.safeParse(name).success ? name : undefined;
}

function wrong(): GantryError {
  const message =
    'That is no address of a repository. Write it like https://github.com/acme/shop, git@github.com:acme/shop.git or acme/shop.';
  return new GantryError('INPUT_INVALID', message, {
    problems: [{ path: 'url', message: 'is no address of a repository' }],
  });
}
