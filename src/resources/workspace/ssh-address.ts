import { protocolOf } from './git-remote.ts';

/** Where ssh connects, and under which name the host's key is known. */
export interface SshAddress {
  /** Resolved and checked. */
  readonly address: string;
  /** As known_hosts writes it: the name, or `[name]:port`. */
  readonly alias: string;
}

/** Host and port of `git@host:path` and `ssh://git@host:port/path`; undefined for what is not reached by ssh. */
export function sshHostOf(remote: string): { readonly host: string; readonly port: number } | undefined {
  if (protocolOf(remote) !== 'ssh') return undefined;
  const url = /^ssh:\/\//i.test(remote) ? URL.parse(remote) : null;
  if (url)
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase(),
      port: url.port === '' ? 22 : Number(url.port),
    };
  const [, host = ''] = /^(?:[^@/:\s]+@)?([^@/:\s]+):/.exec(remote) ?? [];
  return { host: host.toLowerCase(), port: 22 };
}

/** The name by which `known_hosts` has a host. */
export function knownAs({ host, port }: { readonly host: string; readonly port: number }): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/**
 * The ssh that git starts: no configuration, no keys and no agent of this machine's user. With an address it connects there
 * and nowhere else, whatever the remote's name leads to by then.
 */
export function sshCommand(knownHosts: string, at: SshAddress | undefined): string {
  const options = [
    ...['BatchMode=yes', 'PasswordAuthentication=no', 'ForwardAgent=no', 'ConnectTimeout=20'],
    ...['IdentityFile=none', 'StrictHostKeyChecking=yes', 'GlobalKnownHostsFile=/dev/null'],
    `UserKnownHostsFile=${knownHosts}`,
    ...(at ? [`HostName=${at.address}`, `HostKeyAlias=${at.alias}`] : []),
  ];
  return ['ssh', '-F', 'none', ...options.flatMap((option) => ['-o', `'${option}'`])].join(' ');
}
