import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { GantryError } from '../../base/errors.ts';
import { isPublic, readAllowList, type AllowList } from './address-rules.ts';
import { exchange, type OutgoingReply, type OutgoingRequest } from './exchange.ts';

/**
 * The host's own requests to addresses that users name: webhooks, callbacks, base URLs. Nothing that only this machine or
 * its network can reach is reached through it.
 */
export interface Outgoing {
  /**
   * Sends one request. The name is resolved once, every address is checked, and the connection goes to a checked one.
   * OUTGOING_REFUSED when the address may not be reached; OUTGOING_FAILED when nothing came back, it took too long, or
   * it was too much. Any status is an answer.
   */
  fetch(url: string, request?: OutgoingRequest): Promise<OutgoingReply>;
  /** The same checks without a connection: OUTGOING_REFUSED says why. For when an address is set. */
  check(url: string): Promise<URL>;
}

export interface OutgoingOptions {
  /** Hosts and networks of the inside that may be reached all the same: GANTRY_OUTGOING_ALLOW. */
  readonly allow: readonly string[];
  /** Resolves a name to all its addresses; the system's way unless given. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

const timeoutMs = 10_000;
const longestUrl = 2048;
/* Below 1024 live mail, shells and databases of the old days; a web server that users name is not among them. */
const defaultPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80, 'ssh:': 22 };
const lowPorts: ReadonlySet<number> = new Set([80, 443]);

/** An address as it may be reached: whom to ask for, and the resolved address to connect to. */
export interface CheckedAddress {
  readonly url: URL;
  readonly address: string;
}

/** The checks alone: resolves a name once and answers where to connect. OUTGOING_REFUSED and OUTGOING_FAILED as above. */
export function createAddressCheck(options: OutgoingOptions): (text: string) => Promise<CheckedAddress> {
  const allow = readAllowList(options.allow);
  const resolve = options.resolve ?? resolveAll;
  return async (text) => {
    const url = parseUrl(text);
    return { url, address: await safeAddress(url, allow, resolve) };
  };
}

/** The same for where ssh connects: the address of a host that users name. OUTGOING_REFUSED and OUTGOING_FAILED as above. */
export function createSshCheck(options: OutgoingOptions): (host: string, port: number) => Promise<string> {
  const allow = readAllowList(options.allow);
  const resolve = options.resolve ?? resolveAll;
  return async (host, port) => {
    const url = URL.parse(`ssh://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
    if (!url)
      throw new GantryError(
        'OUTGOING_REFUSED',
        'That is no host for ssh. Write it like git@example.com:a/b.git.',
      );
    return safeAddress(url, allow, resolve);
  };
}

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const checked = createAddressCheck(options);
  return {
    check: async (text) => (await checked(text)).url,
    fetch: async (text, request = {}) => {
      const limit = AbortSignal.timeout(request.timeoutMs ?? timeoutMs);
      const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
      let left = request.redirects ?? 0;
      let next = request;
      for (let place = text; ;) {
        const { url, address } = await orAborted(checked(place), signal);
        const reply = await exchange(url, address, next, signal);
        const to = redirectOf(reply, url);
        if (!to) return reply;
        if (left-- === 0) throw refused(url, `it redirects to ${to.origin}, and redirects are not followed`);
        next = redirected(next, reply.status, to.origin === url.origin);
        place = to.href;
      }
    },
  };
}

function parseUrl(text: string): URL {
  const url = text.length <= longestUrl ? URL.parse(text) : null;
  if (!url)
    throw new GantryError('OUTGOING_REFUSED', 'That is no address. Write it like https://example.com/path.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused(url, 'only http and https are spoken');
  if (url.username !== '' || url.password !== '')
    throw refused(url, 'it holds a user name or password; send those as a header');
  return url;
}

async function safeAddress(
  url: URL,
  allow: AllowList,
  resolve: (hostname: string) => Promise<readonly string[]>,
): Promise<string> {
  const port = Number(url.port || defaultPorts[url.protocol]);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const opened = allow.host(url.hostname, port);
  const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [hostname];
  const [first] = addresses;
  if (first === undefined) throw failed(url, 'its name leads to no address');
  if (opened) return first;
  const inside = addresses.find((address) => !isPublic(address) && !allow.address(address));
  if (inside !== undefined) {
    // Not which address a name leads to: whoever may set a webhook is not to read the names of the inside.
    const what = inside === hostname ? 'that is' : 'its name leads to';
    throw refused(
      url,
      `${what} no address of the public internet. An operator can open it with GANTRY_OUTGOING_ALLOW`,
    );
  }
  const isExpected = url.protocol === 'ssh:' ? port === 22 : lowPorts.has(port);
  if (port < 1024 && !isExpected)
    throw refused(url, `port ${port} is not one of ${url.protocol === 'ssh:' ? 'ssh' : 'a web server'}`);
  return first;
}

async function resolveAll(hostname: string): Promise<readonly string[]> {
  try {
    return (await systemLookup(hostname, { all: true })).map((each) => each.address);
  } catch (cause) {
    throw new GantryError('OUTGOING_FAILED', `The name ${hostname} leads to no address.`, { cause });
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(
        new GantryError('OUTGOING_FAILED', 'The name was not resolved in time.', { cause: signal.reason }),
      );
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Where an answer sends its asker; null when it is none of that kind. */
export function redirectOf(reply: Pick<OutgoingReply, 'status' | 'headers'>, from: URL): URL | null {
  const { location } = reply.headers;
  if (reply.status < 300 || reply.status > 399 || location === undefined) return null;
  const to = URL.parse(location, from.href);
  if (!to) throw refused(from, 'it redirects to what is no address');
  return to;
}

/** As browsers do it (Fetch standard): 307 and 308 repeat the request, the others ask anew without a body. */
export function redirected(request: OutgoingRequest, status: number, sameOrigin: boolean): OutgoingRequest {
  const { body, method, headers = {}, ...rest } = request;
  const repeats = status === 307 || status === 308;
  const kept = Object.entries(headers).filter(
    ([name]) =>
      (sameOrigin || !/^(authorization|cookie|proxy-authorization)$/i.test(name)) &&
      (repeats || !/^content-/i.test(name)),
  );
  const again = { ...rest, headers: Object.fromEntries(kept) };
  if (!repeats) return { ...again, method: method === 'HEAD' ? 'HEAD' : 'GET' };
  return { ...again, ...(method && { method }), ...(body !== undefined && { body }) };
}

function refused(url: URL, why: string): GantryError {
  return new GantryError('OUTGOING_REFUSED', `${placeOf(url)} may not be reached: ${why}.`);
}

function failed(url: URL, why: string): GantryError {
  return new GantryError('OUTGOING_FAILED', `${placeOf(url)} can't be reached: ${why}.`);
}

/* Without the path: a webhook's path is its password. */
function placeOf(url: URL): string {
  return url.host === '' ? url.protocol : `${url.protocol}//${url.host}`;
}
