import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';
import { GantryError } from '../../base/errors.ts';

/** What of the inside an operator opens: hosts (`hooks.corp.example`, `*.corp.example`, `host:8080`) and networks. */
export interface AllowList {
  /** Whether the name and port are opened as they stand in the address. */
  host(hostname: string, port: number): boolean;
  /** Whether a resolved address lies in an opened network. */
  address(address: string): boolean;
}

// IANA special-purpose registries (RFC 6890 and its updates), and what clouds answer their machines under.
const refused4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['168.63.129.16', 32],
] as const;
/* Of IPv6 only global unicast is let through, less what is for documentation or wraps an IPv4 address. */
const open6 = ['2000::', 3] as const;
const refused6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const;

const specials = new BlockList();
for (const [net, bits] of refused4) specials.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of refused6) specials.addSubnet(net, bits, 'ipv6');
const global6 = new BlockList();
global6.addSubnet(...open6, 'ipv6');

/** Whether a resolved address is one of the public internet, and not one of this machine's own. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !specials.check(address, 'ipv4') && !isOwn(address, 'ipv4');
  // A zone names an interface of this machine.
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return global6.check(address, 'ipv6') && !specials.check(address, 'ipv6') && !isOwn(address, 'ipv6');
}

/* Services of this machine that listen on its public address are still its inside. */
function isOwn(address: string, family: 'ipv4' | 'ipv6'): boolean {
  const own = new BlockList();
  for (const each of Object.values(networkInterfaces()).flat()) {
    if (each) own.addAddress(each.address.split('%')[0] ?? '', each.family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return own.check(address, family);
}

/** Reads the setting. CONFIG_INVALID names an entry that is neither a host nor a network. */
export function readAllowList(entries: readonly string[]): AllowList {
  const networks = new BlockList();
  const hosts: { name: string; port: number | null }[] = [];
  for (const entry of entries) {
    if (addNetwork(networks, entry)) continue;
    const match = /^(?<name>(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:(?<port>\d{1,5}))?$/i.exec(
      entry,
    );
    if (!match?.groups) {
      throw new GantryError(
        'CONFIG_INVALID',
        `GANTRY_OUTGOING_ALLOW names "${entry}", which is neither a host ("hooks.example.com", "*.example.com", "host:8080") nor a network ("10.0.0.0/8").`,
      );
    }
    const { name = '', port } = match.groups;
    hosts.push({ name: name.toLowerCase(), port: port === undefined ? null : Number(port) });
  }
  return {
    host: (hostname, port) =>
      hosts.some((each) => (each.port === null || each.port === port) && matches(each.name, hostname)),
    address: (address) => {
      const family = isIP(address);
      return (
        family !== 0 && !address.includes('%') && networks.check(address, family === 4 ? 'ipv4' : 'ipv6')
      );
    },
  };
}

function addNetwork(networks: BlockList, entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const most = family === 4 ? 32 : 128;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(length <= most)) return false;
  networks.addSubnet(new SocketAddress({ address, family: kind }), length);
  return true;
}

function matches(pattern: string, hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
