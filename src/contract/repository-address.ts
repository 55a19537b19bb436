import type { Repository } from './repository.ts';

/** Whether it is written as an address: with a protocol, or as ssh's `git@host:path`. */
export function isRepositoryAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[\w.-]+@[\w.-]+:/.test(text);
}

/**
 * The connected repository that this means: by its name, or by its address in any of the forms that people paste (https,
 * ssh, `git@host:path`, with `.git` or without, a page of the forge, a path on the server).
 */
export function repositoryMeant<Known extends Pick<Repository, 'name' | 'url' | 'webUrl'>>(
  text: string,
  known: readonly Known[],
): Known | undefined {
  const asked = text.trim();
  const named = known.find(({ name }) => name.toLowerCase() === asked.toLowerCase());
  if (named) return named;
  const wanted = plain(asked);
  return known.find(({ url, webUrl }) => [url, webUrl].some((each) => each && plain(each) === wanted));
}

/** One form of the addresses that mean the same repository. */
function plain(url: string): string {
  const path = url.replace(/^file:\/\//i, '');
  if (path.startsWith('/')) return path.replace(/\/+$/, '').replace(/\.git$/, '');
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^@/]*@/, '')
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .toLowerCase();
}
