import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Workspace } from '../../resources/workspace/workspace.ts';

const wallMs = 180_000;
const largestLine = 2 * 1024 ** 2;

interface Program {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Speaks with a server that runs in the workspace's sandbox, over its standard streams. It has no network, is killed when
 * it writes a line that is too long, and is gone when the transport is closed.
 */
export function sandboxTransport(
  workspace: Workspace,
  { argv, env }: Program,
  signal: AbortSignal,
): Transport {
  const stdin = new PassThrough();
  const over = new AbortController();
  const decoder = new TextDecoder();
  let held = '';
  let ended: Promise<unknown> = Promise.resolve();
  const transport: Transport = {
    async start() {
      ended = workspace
        .exec({
          argv,
          env,
          stdin,
          limits: { wallMs, outputBytes: 8 * 1024 ** 2 },
          signal: AbortSignal.any([signal, over.signal]),
          onOutput: ({ stream, data }) => {
            if (stream === 'stdout') take(decoder.decode(data, { stream: true }));
          },
        })
        .catch((error: unknown) =>
          transport.onerror?.(error instanceof Error ? error : new Error(String(error))),
        )
        .finally(() => transport.onclose?.());
    },
    async send(message: JSONRPCMessage) {
      stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      stdin.end();
      over.abort();
      await ended;
    },
  };
  const take = (text: string) => {
    const lines = (held + text).split('\n');
    held = lines.pop() ?? '';
    if (held.length > largestLine) {
      held = '';
      over.abort();
    }
    for (const line of lines) {
      const message = messageOf(line);
      if (message) transport.onmessage?.(message);
    }
  };
  return transport;
}

/** What a program prints besides messages is left out. */
function messageOf(line: string): JSONRPCMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isMessage = typeof value === 'object' && value !== null && 'jsonrpc' in value;
    return isMessage ? (value as JSONRPCMessage) : undefined;
  } catch {
    return undefined;
  }
}
