import type { RunContext } from '../kernel/context.ts';
import { payerOf } from '../resources/gateway/payer.ts';
import { readAdvice } from './advice.ts';
import type { AgentRequest, Tool } from './agent.ts';
import { newNonce } from './fence.ts';
import { limitsOf } from './limits.ts';
import { beginMessages } from './prompt.ts';
import { nameOf, soleAgent, type Beginning, type Thread } from './thread.ts';

/** The agent before its first turn. What may differ from place to place and day to day is recorded by its first step. */
export async function beginThread(ctx: RunContext, request: AgentRequest): Promise<Thread> {
  const { name = soleAgent, gateway, workspaces, state } = request;
  const tools: Tool[] = [...request.tools, ...(request.output ? [request.output.tool] : [])];
  const beginning = await ctx.step(
    nameOf({ name }, 'begin'),
    async (step): Promise<Beginning> => ({
      info: await gateway.info(request.model ?? gateway.defaultModel()),
      advice: state.base.commit === null ? [] : await readAdvice(workspaces, step, state),
      nonce: newNonce(),
    }),
    { retry: { attempts: 3, delayMs: 500 } },
  );
  const thread: Thread = {
    ctx,
    request,
    name,
    tools,
    limits: limitsOf(request),
    beginning,
    payer: payerOf(ctx.run),
    messages: [],
    state,
    calls: 0,
    turns: 0,
    activeMs: 0,
    tokens: 0,
    text: '',
    heard: 0,
    told: [],
    plan: [],
    touched: new Set(),
    advised: new Set(),
    measured: null,
    corrections: 0,
    failures: new Map(),
    fingerprints: [],
    allowed: new Set(),
  };
  beginMessages(thread);
  return thread;
}
