import { lookup } from 'node:dns/promises';
import { connect, isIPv4, type Socket } from 'node:net';
import { isPublic, type AllowList } from '../outgoing/address-rules.ts';
import { isLiteral, placeText, type Place } from './host-rules.ts';

/** What a use of the proxy may reach. */
export interface GateRules {
  /** From `readPlaces`. */
  readonly places: ReadonlySet<string>;
  /** What of the inside the operator opened: from configuration only, never from a repository or a request. */
  readonly inside: AllowList | undefined;
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

/** An address that was checked, or why there is none. */
export type Verdict =
  | { readonly allowed: true; readonly address: string }
  | { readonly allowed: false; readonly reason: string };

/** The reason of what no list holds. */
export const notListed = 'not on the list';

/** Decides on a place. What it answers is what has to be dialled: a name is resolved once. */
export async function judge(rules: GateRules, place: Place): Promise<Verdict> {
  const { host, port } = place;
  const listed = rules.places.has(placeText(place));
  if (isLiteral(host) && !(listed && isIPv4(host))) return refuse('an address in place of a name');
  if (!listed) return refuse(notListed);
  const addresses = isLiteral(host) ? [host] : await rules.resolve(host).catch(() => []);
  const [first] = addresses;
  if (first === undefined) return refuse('no such name');
  if (rules.inside?.host(host, port)) return { allowed: true, address: first };
  // One answer of many is enough for a name server that wants in.
  const isInside = addresses.some((each) => !isPublic(each) && !rules.inside?.address(each));
  return isInside ? refuse('leads to no address of the public internet') : { allowed: true, address: first };
}

function refuse(reason: string): Verdict {
  return { allowed: false, reason };
}

/** All addresses of a name, as this machine sees them. */
export async function resolveHere(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map((each) => each.address);
}

/** Connects to an address that was judged. Rejects with the system's error, or after `patienceMs`. */
export function dial(address: string, port: number, patienceMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, allowHalfOpen: true });
    const late = (): void => void socket.destroy(new Error('no answer in time'));
    socket.setTimeout(patienceMs, late);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0).off('timeout', late).off('error', reject);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
