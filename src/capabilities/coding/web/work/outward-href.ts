/** An address of the web that a link may lead to; undefined for anything else, such as one that runs something. */
export function outwardHref(url: string | null): string | undefined {
  const parsed = url === null ? null : URL.parse(url);
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? parsed.href : undefined;
}
