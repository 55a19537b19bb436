import { GantryError } from '../../../base/errors.ts';

export interface GitHubEndpoints {
  /** For people: `GitHub`, or the host of an Enterprise Server. */
  readonly name: string;
  readonly api: string;
  /** Where pages are and git clones from. */
  readonly web: string;
}

/**
 * Where a GitHub answers: github.com, a tenant of ghe.com (`https://acme.ghe.com`), or an Enterprise Server
 * (`https://ghe.example.com`). An address that ends in `/api/v3` is taken too. INPUT_INVALID for what is no address.
 */
export function endpointsOf(baseUrl: string | undefined): GitHubEndpoints {
  const url = URL.parse(baseUrl ?? 'https://github.com');
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new GantryError(
      'INPUT_INVALID',
      'The base address of GitHub must look like https://ghe.example.com.',
    );
  }
  const host = url.host.replace(/^(www|api)\.(?=github\.com$)/, '').replace(/^api\.(?=[^.]+\.ghe\.com$)/, '');
  if (host === 'github.com')
    return { name: 'GitHub', api: 'https://api.github.com', web: 'https://github.com' };
  if (/^[^.]+\.ghe\.com$/.test(host))
    return { name: host, api: `https://api.${host}`, web: `https://${host}` };
  const web = `${url.origin}${url.pathname.replace(/(\/api(\/v3)?)?\/*$/, '')}`;
  return { name: host, api: `${web}/api/v3`, web };
}

/** Owner and name of `acme/shop`. INPUT_INVALID for anything else. */
export function splitName(repository: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] = /^([A-Za-z0-9][\w.-]*)\/([\w.-]+?)(?:\.git)?$/.exec(repository) ?? [];
  if (owner === undefined || repo === undefined || repo === '.' || repo === '..')
    throw new GantryError('INPUT_INVALID', 'A repository of GitHub is named like acme/shop.');
  return { owner, repo };
}
