import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { GantryError } from '../../base/errors.ts';
import { version } from '../../base/version.ts';
import type { Workspace } from '../../resources/workspace/workspace.ts';
import { sandboxTransport } from './sandbox-transport.ts';
import type { McpServer } from './servers.ts';

/** A tool as its server describes it; nothing of it was checked. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface McpSession {
  list(): Promise<readonly ListedTool[]>;
  call(
    name: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<{
    readonly content: readonly unknown[];
    readonly isError: boolean;
    readonly structured: unknown;
  }>;
}

const connectMs = 20_000;
const callMs = 120_000;
const mostPages = 5;

interface Place {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
}

/**
 * Connects to a server, lets `use` speak with it, and closes it again: each call has a server of its own, so that none
 * outlives its step. Throws INPUT_INVALID, which the model is told, when the server doesn't answer as it should.
 */
export async function withMcp<Answer>(
  server: McpServer,
  place: Place,
  use: (session: McpSession) => Promise<Answer>,
): Promise<Answer> {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { CallToolResultSchema, ListToolsResultSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const client = new Client({ name: 'gantry', version: version() });
  const { signal } = place;
  const session: McpSession = {
    async list() {
      const tools: ListedTool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const params = cursor === undefined ? {} : { cursor };
        const options = { timeout: connectMs, signal };
        // Not `listTools`: that compiles schemas of strangers.
        const reply = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options);
        tools.push(...reply.tools);
        cursor = reply.nextCursor;
        if (cursor === undefined) break;
      }
      return tools;
    },
    async call(name, input) {
      const params = { name, arguments: { ...input } };
      const options = { timeout: callMs, signal };
      const reply = await client.request({ method: 'tools/call', params }, CallToolResultSchema, options);
      const { content, isError, structuredContent } = reply;
      return { content, isError: isError ?? false, structured: structuredContent };
    },
  };
  try {
    await client.connect(await transportTo(server, place), { timeout: connectMs, signal });
    return await use(session);
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message.slice(0, 500) : 'it failed';
    throw new GantryError(
      'INPUT_INVALID',
      `The MCP server ${server.name} did not answer as it should: ${why}`,
      {
        cause,
      },
    );
  } finally {
    await client.close().catch(() => undefined);
  }
}

async function transportTo(server: McpServer, { workspace, signal }: Place): Promise<Transport> {
  if (server.kind === 'repository') return sandboxTransport(workspace, server, signal);
  if (server.kind === 'program') {
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    const [command = '', ...args] = server.argv;
    // Of this process's variables it gets PATH, HOME and the like, never a key.
    return new StdioClientTransport({ command, args, stderr: 'ignore' });
  }
  const { StreamableHTTPClientTransport } =
    await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  const transport = new StreamableHTTPClientTransport(new URL(server.url));
  return transport as Transport;
}
