import type { Config } from '../config.ts';
import type { Egress } from '../resources/egress/egress.ts';
import { readAllowList } from '../resources/outgoing/address-rules.ts';
import { createSshCheck } from '../resources/outgoing/outgoing.ts';
import type { MirrorWay } from '../resources/workspace/mirrors.ts';
import { knownAs, sshHostOf } from '../resources/workspace/ssh-address.ts';

type WayConfig = Pick<Config, 'githubBaseUrl' | 'gitlabBaseUrl' | 'outgoingAllow'>;

/**
 * Git goes to the addresses of users through a filter that lets it reach that one place, ssh to an address that was checked;
 * what the operator named is reached as it is.
 */
export async function openGitWay(
  config: WayConfig,
  egress: Egress,
  remote: string,
): Promise<MirrorWay | undefined> {
  const ssh = sshHostOf(remote);
  if (ssh) {
    if (isOperators(config, ssh.host)) return undefined;
    const address = await createSshCheck({ allow: config.outgoingAllow })(ssh.host, ssh.port);
    return { ssh: { address, alias: knownAs(ssh) }, close: async () => undefined };
  }
  const url = URL.parse(remote);
  if (!url || !/^https?:$/.test(url.protocol) || isOperators(config, url.host)) return undefined;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const proxy = await egress.openHostProxy({
    allow: [`${url.hostname}:${port}`],
    inside: readAllowList(config.outgoingAllow),
    onDecision: () => undefined,
  });
  return { proxyUrl: proxy.url, close: () => proxy.close() };
}

function isOperators(config: WayConfig, host: string): boolean {
  return [config.githubBaseUrl, config.gitlabBaseUrl].some(
    (base) => base !== undefined && URL.parse(base)?.host === host,
  );
}
