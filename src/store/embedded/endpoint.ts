import { createServer } from 'node:net';
import { once } from 'node:events';
import type { Paths } from './paths.ts';

/** Where the server listens: a socket file in `directory`, or a port of 127.0.0.1. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly directory: string }
  | { readonly kind: 'port'; readonly port: number };

const socketName = '.s.PGSQL.5432';
// sun_path in unix(7) holds 108 bytes with its closing zero.
const longestSocketPath = 107;

/** A socket file in the data directory; where that path is too long for the kernel, a free port of this machine. */
export async function chooseEndpoint(paths: Paths): Promise<Endpoint> {
  if (Buffer.byteLength(`${paths.sockets}/${socketName}`) <= longestSocketPath) {
    return { kind: 'socket', directory: paths.sockets };
  }
  return { kind: 'port', port: await freePort() };
}

/** The connection URL of `database` at `endpoint`, as `pg` reads it. */
export function urlOf(endpoint: Endpoint, password: string, database = 'gantry'): string {
  if (endpoint.kind === 'port') return `postgres://gantry:${password}@127.0.0.1:${endpoint.port}/${database}`;
  return `postgres://gantry:${password}@/${database}?host=${encodeURIComponent(endpoint.directory)}`;
}

/** The settings that make PostgreSQL listen there and nowhere else. */
export function listenSettings(endpoint: Endpoint): Record<string, string> {
  if (endpoint.kind === 'socket') {
    return { listen_addresses: '', unix_socket_directories: quoted(endpoint.directory), port: '5432' };
  }
  return { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(endpoint.port) };
}

// The setting is a comma-separated list of names, each in double quotes when it holds a comma or a space.
function quoted(directory: string): string {
  return `"${directory.replaceAll('"', '""')}"`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 5432;
}
