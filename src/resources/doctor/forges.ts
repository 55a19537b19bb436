import type { Check } from '../../contract/system.ts';

/** The operator's own access to forges, as it is configured. */
interface ForgeSettings {
  readonly githubToken?: string | undefined;
  readonly githubAppId?: string | number | undefined;
  readonly githubAppPrivateKey?: string | undefined;
  readonly gitlabToken?: string | undefined;
}

/** How forges let Gantry in. Repositories can bring tokens of their own, so none is no gap; half an App is. */
export function lookAtForges(config: ForgeSettings): Check[] {
  const name = 'forges';
  const { githubToken, githubAppId, githubAppPrivateKey, gitlabToken } = config;
  if ((githubAppId === undefined) !== (githubAppPrivateKey === undefined)) {
    const missing = githubAppId === undefined ? 'GANTRY_GITHUB_APP_ID' : 'GANTRY_GITHUB_APP_PRIVATE_KEY';
    const detail = `a GitHub App is half configured: ${missing} is not set`;
    const remedy = 'Set both, or neither; a key that is kept as a secret counts only with neither.';
    return [{ name, state: 'gap', detail, remedy }];
  }
  const ways = [
    ...(githubAppId !== undefined
      ? ['GitHub by an App']
      : githubToken !== undefined
        ? ['GitHub by a token']
        : []),
    ...(gitlabToken !== undefined ? ['GitLab by a token'] : []),
  ];
  const detail =
    ways.length > 0
      ? `${ways.join(', ')}; others by tokens of their own`
      : 'none configured; repositories bring tokens of their own (`gantry repos add`)';
  return [{ name, state: 'ok', detail }];
}
