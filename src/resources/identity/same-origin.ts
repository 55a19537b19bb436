import { GantryError } from '../../base/errors.ts';

export interface OriginHeaders {
  readonly method: string;
  /** As Node gives them: names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site makes a signed-in browser send (CSRF). A request that changes something must come from a
 * page of this server when it brings cookies; one with an `Authorization` header can't be forged that way, and passes.
 * `Sec-Fetch-Site` counts first, then `Origin` (which a form on a page without referrer leaves null), then `Referer`; the
 * page's host must be that of `baseUrl` or the one that the request was sent to. Throws ORIGIN_REFUSED.
 */
export function assertSameOrigin(request: OriginHeaders, baseUrl: string): void {
  if (harmless.has(request.method) || text(request, 'authorization')) return;
  if (comesFromOwnPage(request, baseUrl)) return;
  throw new GantryError(
    'ORIGIN_REFUSED',
    'The request does not come from a page of this server. Programs send an API key in Authorization in place of a cookie.',
  );
}

/**
 * The same for a WebSocket, which browsers let any page open with the cookies of this server: with cookies, `Origin` must
 * be there and name this server. Throws ORIGIN_REFUSED.
 */
export function assertOwnSocket(request: OriginHeaders, baseUrl: string): void {
  if (text(request, 'authorization')) return;
  const page = text(request, 'origin');
  const own = page !== undefined && ownHosts(request, baseUrl).has(hostOf(page));
  const site = text(request, 'sec-fetch-site');
  if (own && (site === undefined || site === 'same-origin')) return;
  throw new GantryError(
    'ORIGIN_REFUSED',
    'The connection does not come from a page of this server. Programs send an API key in Authorization in place of a cookie.',
  );
}

function ownHosts(request: OriginHeaders, baseUrl: string): Set<string | undefined> {
  return new Set([new URL(baseUrl).host, text(request, 'host')?.toLowerCase()]);
}

function comesFromOwnPage(request: OriginHeaders, baseUrl: string): boolean {
  const own = ownHosts(request, baseUrl);
  const site = text(request, 'sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const page = text(request, 'origin');
  if (page !== undefined) return own.has(hostOf(page));
  const referer = text(request, 'referer');
  if (referer !== undefined) return own.has(hostOf(referer));
  return text(request, 'cookie') === undefined;
}

function text(request: OriginHeaders, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Empty for `null` and for what is no address; no server has that host. */
function hostOf(address: string): string {
  return URL.parse(address)?.host ?? '';
}
