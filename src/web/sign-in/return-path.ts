const own = /^\/(?:sign-in|join|welcome)(?:\/|$)/;

/**
 * Where to go after signing in: the `to` of the search text when it is a path of this origin, else the start page. Whoever
 * sends somebody a link to sign in must not decide on which site they end up.
 */
export function returnPath(search: string, origin: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  if (!to.startsWith('/') || /[\\\p{Cc}]/u.test(to)) return '/';
  const url = URL.parse(to, origin);
  if (url === null || url.origin !== origin) return '/';
  if (url.pathname.startsWith('//') || own.test(url.pathname)) return '/';
  return url.pathname + url.search + url.hash;
}
