import { GantryError } from '../../../base/errors.ts';

export interface GitLabEndpoints {
  /** For people: `GitLab`, or the host of one's own. */
  readonly name: string;
  /** Where pages are, git clones from, and the API lies below; may have a path of its own. */
  readonly web: string;
}

/** Where a GitLab answers; an address that ends in `/api/v4` is taken too. INPUT_INVALID for what is no address. */
export function endpointsOf(baseUrl: string | undefined): GitLabEndpoints {
  const url = URL.parse(baseUrl ?? 'https://gitlab.com');
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new GantryError(
      'INPUT_INVALID',
      'The base address of GitLab must look like https://gitlab.example.com.',
    );
  }
  const web = `${url.origin}${url.pathname.replace(/(\/api(\/v4)?)?\/*$/, '')}`;
  return { name: url.host === 'gitlab.com' ? 'GitLab' : url.host, web };
}

/** `group/sub/shop` as GitLab names projects. INPUT_INVALID for anything else. */
export function projectPath(repository: string): string {
  const path = repository.replace(/\.git$/, '');
  if (!/^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)+$/.test(path))
    throw new GantryError('INPUT_INVALID', 'A repository of GitLab is named like group/shop.');
  return path;
}
