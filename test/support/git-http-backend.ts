import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What of an address is a repository's and what is git's: `/acme/shop.git` and `/info/refs`. */
export interface GitTarget {
  readonly repository: string;
  readonly rest: string;
  /** Whether the request pushes, or asks what a push needs to know. */
  readonly writes: boolean;
}

const endings = /^(?<repository>\/.+?\.git)(?<rest>\/(info\/refs|git-upload-pack|git-receive-pack|HEAD))$/;

/** Undefined for what isn't git's smart protocol. */
export function parseGitTarget(url: URL): GitTarget | undefined {
  const { repository, rest } = endings.exec(decodeURIComponent(url.pathname))?.groups ?? {};
  if (repository === undefined || rest === undefined) return undefined;
  const service = url.searchParams.get('service') ?? rest.slice(1);
  return { repository, rest, writes: service === 'git-receive-pack' };
}

/** Answers one request by the real `git http-backend`, as CGI (RFC 3875). `user` is who was let in, if anybody. */
export async function serveGit(
  request: IncomingMessage,
  reply: ServerResponse,
  place: { readonly root: string; readonly path: string; readonly query: string; readonly user?: string },
): Promise<void> {
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: place.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: place.path,
      QUERY_STRING: place.query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      HTTP_GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      ...(headers['content-length'] && { CONTENT_LENGTH: headers['content-length'] }),
      ...(place.user !== undefined && { REMOTE_USER: place.user }),
    },
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  reply.on('close', () => child.kill());
  let head = Buffer.alloc(0);
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    if (reply.headersSent) {
      reply.write(piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) continue;
    writeHead(reply, head.subarray(0, end).toString('latin1'));
    reply.write(head.subarray(end + 4));
  }
  if (!reply.headersSent) reply.writeHead(500);
  reply.end();
}

function writeHead(reply: ServerResponse, text: string): void {
  let status = 200;
  for (const line of text.split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else reply.setHeader(name, value);
  }
  reply.writeHead(status);
}
