import { GantryError } from '../../base/errors.ts';

const scpLike = /^(?:[^@/:\s]+@)?[^@/:\s]+:(?!\/\/)/;

/** The protocol by which git reaches an address. INPUT_INVALID for any but https, http, ssh and paths. */
export function protocolOf(remote: string): 'https' | 'http' | 'ssh' | 'file' {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(remote)?.[1]?.toLowerCase();
  if (scheme === 'https' || scheme === 'http' || scheme === 'ssh' || scheme === 'file') return scheme;
  if (scheme === undefined && remote.startsWith('/')) return 'file';
  if (scheme === undefined && scpLike.test(remote) && !remote.includes('::') && !remote.startsWith('-'))
    return 'ssh';
  throw new GantryError(
    'INPUT_INVALID',
    'That is no address of a repository. Write it like https://example.com/acme/shop.git, git@example.com:acme/shop.git or /srv/shop.git.',
  );
}

/** `https://example.com:8443`, for which alone a credential is meant. */
export function originOf(remote: string): string {
  const url = URL.parse(remote);
  return url && /^https?:$/.test(url.protocol) ? url.origin : remote;
}
