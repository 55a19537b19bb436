import { closeSync, mkdirSync, openSync, chmodSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { toGantryError } from '../../base/errors.ts';
import { newToken } from '../../base/ids.ts';
import type { AllowList } from '../outgoing/address-rules.ts';
import type { EgressDecision } from './decision.ts';
import { resolveHere } from './gate.ts';
import { readPlaces } from './host-rules.ts';
import { defaultEgressLimits, type EgressLimits } from './limits.ts';
import { createProxy, type Proxy } from './proxy.ts';

export interface EgressUse {
  /** Exact `host:port` each; nothing else is reached. */
  readonly allow: readonly string[];
  /** Told once of every connection and request, when it is over. */
  readonly onDecision: (decision: EgressDecision) => void;
  readonly limits?: Partial<EgressLimits>;
  /**
   * What of the inside may be reached, where it is on the list too. From the operator's configuration only: never from a
   * repository, a request or a run.
   */
  readonly inside?: AllowList;
  /** Answers `POST /v1/chat/completions` and `GET /v1/models` of programs in the sandbox. */
  readonly programs?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A proxy of one use, for `ExecRequest.egress`. */
export interface EgressDoor {
  readonly socketPath: string;
  /** Ends every connection; all decisions were told when it resolves. Safe to call twice. */
  close(): Promise<void>;
}

/** A proxy of one use for a program of this host, such as git. */
export interface HostProxy {
  /** `http://user:password@127.0.0.1:port`; it holds a credential, for the environment of that one program only. */
  readonly url: string;
  close(): Promise<void>;
}

/** The only ways from a sandbox, or from a program that goes where users say, to the network. */
export interface Egress {
  /** INPUT_INVALID names an entry of the list that is no `host:port`. */
  open(use: EgressUse): Promise<EgressDoor>;
  openHostProxy(use: Omit<EgressUse, 'programs'>): Promise<HostProxy>;
  /** Closes what is still open. */
  close(): Promise<void>;
}

export interface EgressOptions {
  readonly dataDir: string;
  /** Resolves a name to all its addresses; the system's way unless given. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export function createEgress({ dataDir, resolve = resolveHere }: EgressOptions): Egress {
  const directory = join(dataDir, 'egress');
  const open = new Set<() => Promise<void>>();
  const start = async <Where>(
    use: EgressUse,
    credential: { username: string; password: string } | undefined,
    listen: (server: Server) => Promise<Where>,
  ): Promise<{ where: Where; close: () => Promise<void> }> => {
    const proxy = createProxy({
      rules: { places: readPlaces(use.allow), inside: use.inside, resolve },
      limits: { ...defaultEgressLimits, ...use.limits },
      onDecision: use.onDecision,
      programs: use.programs,
      ...(credential && { credential }),
    });
    const close = closeOnce(proxy, () => open.delete(close));
    open.add(close);
    try {
      return { where: await listen(proxy.server), close };
    } catch (cause) {
      await close();
      throw toGantryError(cause, 'WORKSPACE_FAILED');
    }
  };
  return {
    open: async (use) => {
      const { where, close } = await start(use, undefined, (server) => listenHidden(server, directory));
      return { socketPath: where, close: () => close().then(() => rmSync(where, { force: true })) };
    },
    openHostProxy: async (use) => {
      const credential = { username: 'gantry', password: newToken() };
      const { where, close } = await start(use, credential, listenLoopback);
      return { url: `http://${credential.username}:${credential.password}@127.0.0.1:${where}`, close };
    },
    close: async () => {
      await Promise.all([...open].map((close) => close()));
    },
  };
}

function closeOnce(proxy: Proxy, onClosed: () => void): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= proxy.close().finally(onClosed));
}

/**
 * Sandboxes of root run under users of their own, so that any user may connect: who does needs the name, which no listing
 * shows. The directory can't be read, and the kernel's list of sockets holds the path of the bind, which is a descriptor's.
 */
async function listenHidden(server: Server, directory: string): Promise<string> {
  const shared = process.getuid?.() === 0;
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, shared ? 0o711 : 0o700);
  const name = `${newToken(24)}.sock`;
  const descriptor = openSync(directory, 'r');
  try {
    // A descriptor's path is short too: a socket's may have 107 bytes only.
    server.listen(`/proc/self/fd/${descriptor}/${name}`);
    await once(server, 'listening');
    const path = join(directory, name);
    chmodSync(path, shared ? 0o666 : 0o600);
    return path;
  } finally {
    closeSync(descriptor);
  }
}

async function listenLoopback(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
