import type { IncomingMessage, ServerResponse } from 'node:http';

/** One operation: `GET` and `/repos/{owner}/{repo}`. */
export interface Operation {
  readonly method: string;
  readonly route: string;
}

export interface Matched<O extends Operation> {
  readonly operation: O;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The operation that a path is of, with the parts that stand in braces. `{path+}` takes slashes too. */
export function matchOperation<O extends Operation>(
  operations: readonly O[],
  method: string,
  path: string,
): Matched<O> | undefined {
  for (const operation of operations) {
    if (operation.method !== method) continue;
    const pattern = operation.route.replaceAll(
      /\{(\w+)(\+?)\}/g,
      (_, name, deep) => `(?<${name}>${deep ? '.+' : '[^/]+'})`,
    );
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (!match) continue;
    const parts = Object.entries(match.groups ?? {});
    return {
      operation,
      parameters: Object.fromEntries(parts.map(([name, value]) => [name, decodeURIComponent(value)])),
    };
  }
  return undefined;
}

/** A page of `all`, and whether there is another one. */
export function pageOf<T>(
  all: readonly T[],
  query: URLSearchParams,
  usual = 30,
): {
  readonly entries: readonly T[];
  readonly page: number;
  readonly perPage: number;
  readonly pages: number;
} {
  const perPage = Math.min(100, Number(query.get('per_page') ?? usual));
  const page = Number(query.get('page') ?? 1);
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  return { entries: all.slice((page - 1) * perPage, page * perPage), page, perPage, pages };
}

/** `Link` (RFC 8288) of a page, as forges write it. */
export function linkHeader(
  url: URL,
  { page, pages }: { readonly page: number; readonly pages: number },
): string {
  const to = (number: number, relation: string) => {
    const there = new URL(url);
    there.searchParams.set('page', String(number));
    return `<${there.href}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < pages ? [to(page + 1, 'next'), to(pages, 'last')] : []),
    to(1, 'first'),
  ];
  return links.join(', ');
}

export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text === '' ? {} : JSON.parse(text);
}

export function sendJson(
  reply: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  reply.end(body === undefined ? undefined : JSON.stringify(body));
}
