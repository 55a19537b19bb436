import { GantryError } from '../../base/errors.ts';
import type { AgentEnd, AgentResult, Tool } from '../../harness/agent.ts';
import { confirmOf } from '../../harness/confirm.ts';
import { mcpTools } from '../../harness/mcp/tools.ts';
import { runAgent } from '../../harness/run-agent.ts';
import { tools } from '../../harness/tools/index.ts';
import type { RunContext } from '../../kernel/context.ts';
import type { WorkspaceState } from '../../resources/workspace/workspace.ts';
import type { AgentResources } from '../capability-module.ts';
import { answerOutput } from './answer-tool.ts';
import { askOutputSchema, type AskInput, type AskOutput } from './schema.ts';

const system = `You answer a question about a repository for the people who work on it.
- Find out before you answer: list, search and read the files; run programs where that shows more than reading.
- Answer what was asked, first and plainly, then what one needs to know to believe it. Say what you could not find out.
- Hand over the answer with the tool \`answer\`, and name the places that it rests on as path and line, as you have read them.
- You don't change the repository: whatever your commands leave there is thrown away.`;

/**
 * The story: find the commit that is meant, let an agent look around in a workspace of it, and answer with what it found
 * and where.
 */
export async function ask(ctx: RunContext, input: AskInput, resources: AgentResources): Promise<AskOutput> {
  const { gateway, workspaces, rgPath } = resources;
  ctx.emit({ type: 'progress', data: { phase: 'Preparing' } });
  try {
    const { state, mcp } = await resolve(ctx, input, resources);
    if (state.base.commit === null)
      throw new GantryError(
        'REPOSITORY_EMPTY',
        'The repository has no commits yet. Push the first one, then ask again.',
      );
    ctx.emit({ type: 'progress', data: { phase: 'Looking' } });
    const { read, list, search, run, plan, ask: askPerson } = tools({ rgPath });
    const result = await runAgent(ctx, {
      system,
      task: input.question,
      tools: [read, list, search, run, plan, askPerson, ...mcp],
      output: answerOutput,
      model: input.model,
      fallbacks: input.fallbacks,
      effort: input.effort,
      script: input.script,
      limits: input.limits,
      confirm: confirmOf[input.confirm ?? 'nothing'],
      state,
      gateway,
      workspaces,
    });
    return outputOf(result);
  } finally {
    await workspaces.release(ctx.run.id);
  }
}

async function resolve(
  ctx: RunContext,
  { repository, repositoryTools: fromRepository = false }: AskInput,
  { workspaces, mcpServers: servers }: AgentResources,
): Promise<{ state: WorkspaceState; mcp: Tool[] }> {
  const { state, hasMcp } = await ctx.step(
    'resolve',
    async (step) => ({
      state: await workspaces.resolve(step, repository, 'trusted'),
      // Recorded, because the operator may configure others before the run is over.
      hasMcp: fromRepository || servers.length > 0,
    }),
    { retry: { attempts: 4, delayMs: 1000 } },
  );
  return { state, mcp: hasMcp ? await mcpTools(ctx, { servers, fromRepository, workspaces, state }) : [] };
}

/** What the agent came to; whatever it had when a limit ended it is an answer too, with a notice. */
function outputOf({ end, text }: AgentResult): AskOutput {
  if (end.kind === 'finished') return askOutputSchema.parse(end.output);
  if (end.kind === 'limit') {
    const { data } = askOutputSchema.safeParse(end.output);
    if (data) return { ...data, notice: end.notice };
    if (text.trim() !== '') return { answer: text, citations: [], notice: end.notice };
  }
  throw new GantryError(codes[end.kind], end.notice);
}

const codes: Readonly<Record<Exclude<AgentEnd['kind'], 'finished'>, 'AGENT_STOPPED' | 'BUDGET_REACHED'>> = {
  limit: 'AGENT_STOPPED',
  declined: 'BUDGET_REACHED',
  stopped: 'AGENT_STOPPED',
};
