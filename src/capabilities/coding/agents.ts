import { GantryError } from '../../base/errors.ts';
import type { AgentRequest, AgentResult, Tool } from '../../harness/agent.ts';
import { confirmOf } from '../../harness/confirm.ts';
import { mcpTools } from '../../harness/mcp/tools.ts';
import { runAgent } from '../../harness/run-agent.ts';
import { tools } from '../../harness/tools/index.ts';
import type { SessionContext } from './session-context.ts';

type Wanted = Pick<AgentRequest, 'system' | 'task' | 'material' | 'tools' | 'output' | 'state' | 'limits'> & {
  /** Of one agent of the run only: its steps are named by it. */
  readonly name: string;
  /** A workspace beside the session's own, for what happens at the same time. */
  readonly workspace?: string;
};

/**
 * Lets one of the session's agents work, with the model, script and confirmations of the session. What it came to when a
 * limit ended it is an answer with a notice; where nothing came of it, it throws BUDGET_REACHED or AGENT_STOPPED.
 */
export async function askAgent(
  { ctx, input, resources }: SessionContext,
  { workspace, ...wanted }: Wanted,
): Promise<AgentResult & { readonly notice: string | null; readonly output: unknown }> {
  const { gateway, workspaces } = resources;
  const { model, fallbacks, effort, script, confirm = 'nothing' } = input;
  const result = await runAgent(ctx, {
    ...wanted,
    ...{ model, fallbacks, effort, script, gateway, workspaces, confirm: confirmOf[confirm] },
    workspace: { dependencies: true, ...(workspace !== undefined && { name: workspace }) },
  });
  const { end } = result;
  if (end.kind === 'finished') return { ...result, notice: null, output: end.output };
  if (end.kind === 'limit') return { ...result, notice: end.notice, output: end.output };
  throw new GantryError(end.kind === 'declined' ? 'BUDGET_REACHED' : 'AGENT_STOPPED', end.notice);
}

/** Tools that look and change nothing. */
export function lookingTools({ input, resources }: SessionContext): Tool[] {
  const { read, list, search, run, ask } = tools({ rgPath: resources.rgPath });
  return [read, list, search, run, ...(input.auto === true ? [] : [ask])];
}

/** All that the writing agent works with. */
export async function writingTools(session: SessionContext, state: AgentRequest['state']): Promise<Tool[]> {
  const { ctx, input, resources } = session;
  const { read, list, search, write, edit, run, diff, plan, ask } = tools({ rgPath: resources.rgPath });
  const { mcpServers: servers, workspaces } = resources;
  const fromRepository = input.repositoryTools === true;
  const hasServers = fromRepository || servers.length > 0;
  const mcp = hasServers ? await mcpTools(ctx, { servers, fromRepository, workspaces, state }) : [];
  return [read, list, search, write, edit, run, diff, plan, ...(input.auto === true ? [] : [ask]), ...mcp];
}
