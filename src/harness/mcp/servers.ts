import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import type { Workspace } from '../../resources/workspace/workspace.ts';

/** A server of tools. Those of `repository` are named by the code that is worked on, and run in its sandbox only. */
export type McpServer =
  | { readonly kind: 'http'; readonly name: string; readonly url: string }
  | { readonly kind: 'program'; readonly name: string; readonly argv: readonly string[] }
  | {
      readonly kind: 'repository';
      readonly name: string;
      readonly argv: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    };

const serverName = /^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/;
const mostServers = 10;
const largestFile = 64 * 1024;

/**
 * The servers that the operator configured: `name=https://...`, or `name=/path/of/program argument ...` for one that the
 * worker starts. CONFIG_INVALID says which entry is none.
 */
export function configuredServers(entries: readonly string[]): McpServer[] {
  return entries.map((entry): McpServer => {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(0, at)).trim();
    const what = entry.slice(at + 1).trim();
    if (!serverName.test(name) || what === '')
      throw new GantryError(
        'CONFIG_INVALID',
        `"${entry.slice(0, 60)}" is no MCP server. Write name=https://... or name=/path/of/program argument ...`,
      );
    if (/^https?:\/\//.test(what)) return { kind: 'http', name, url: what };
    return { kind: 'program', name, argv: what.split(/\s+/) };
  });
}

const fileSchema = z.object({
  mcpServers: z.record(
    z.string().regex(serverName),
    z.object({
      command: z.string().min(1).max(1000),
      args: z.array(z.string().max(4000)).max(100).default([]),
      env: z.record(z.string().regex(/^[A-Za-z_]\w{0,100}$/), z.string().max(4000)).default({}),
    }),
  ),
});

/**
 * The servers that `.mcp.json` of a workspace names, which must be at its base commit. Only programs: a sandbox has no
 * network. What can't be read names none.
 */
export async function repositoryServers(workspace: Workspace): Promise<McpServer[]> {
  const part = await workspace.read('.mcp.json', { offset: 0, bytes: largestFile }).catch(() => undefined);
  if (!part || part.size > largestFile) return [];
  const file = fileSchema.safeParse(parsed(Buffer.from(part.content).toString('utf8')));
  if (!file.success) return [];
  return Object.entries(file.data.mcpServers)
    .slice(0, mostServers)
    .map(([name, { command, args, env }]) => ({ kind: 'repository', name, argv: [command, ...args], env }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
