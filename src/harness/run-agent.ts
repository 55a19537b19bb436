import type { RunContext } from '../kernel/context.ts';
import { act } from './act.ts';
import type { AgentEnd, AgentRequest, AgentResult } from './agent.ts';
import { askModel, hearAll, toldText } from './ask-model.ts';
import { beginThread } from './begin.ts';
import { makeRoom, tooLong } from './compact.ts';
import type { KeptReply } from './keep-reply.ts';
import { limitNotice, reachedLimit, type LimitName } from './limits.ts';
import type { Told } from './model-step.ts';
import { say, type CallPart, type Thread } from './thread.ts';

const mostCorrections = 4;
const mostRoomMade = 3;

/**
 * Lets a model work with tools on a workspace until it has finished, a limit ends it, or a person does. Every call of the
 * model and of a tool is a recorded step: a run that is taken up again, here or elsewhere, has the same conversation and
 * pays for nothing twice. What it may do is set by the request alone, whatever it reads.
 */
export async function runAgent(ctx: RunContext, request: AgentRequest): Promise<AgentResult> {
  const thread = await beginThread(ctx, request);
  const end = await untilEnd(thread);
  return { end, text: thread.text, state: thread.state, turns: thread.turns };
}

async function untilEnd(thread: Thread): Promise<AgentEnd> {
  for (;;) {
    const limit = reachedLimit(thread);
    if (limit) return wrapUp(thread, limit);
    const asked = await askTurn(thread, 'turn');
    if (!('reply' in asked)) return asked;
    const { reply, late } = asked;
    thread.turns += 1;
    const end = await take(thread, reply, late);
    if (end?.kind === 'limit') return { ...end, output: null };
    if (end) return end;
  }
}

interface Turn {
  readonly reply: KeptReply;
  readonly late: readonly Told[];
}

/** One reply of the model, with room made for it where that is needed. */
async function askTurn(thread: Thread, purpose: 'turn' | 'wrap-up'): Promise<Turn | AgentEnd> {
  const { output } = thread.request;
  const wraps = purpose === 'wrap-up';
  const tools = (wraps && output ? [output.tool] : thread.tools).map(({ model }) => model);
  const toolChoice = !wraps ? 'auto' : output ? 'required' : 'none';
  for (let made = 0; made <= mostRoomMade; made += 1) {
    const asked = await askModel(thread, {
      purpose,
      messages: (told) =>
        told.length === 0 ? thread.messages : [...thread.messages, ...told.map(asMessage)],
      tools,
      toolChoice,
      anyLength: made > 0,
    });
    if (asked.kind === 'end') return asked.end;
    if (asked.kind === 'reply') return asked;
    const end = await makeRoom(thread, made === 0 ? asked.how : 'summarise');
    if (end) return end;
  }
  return tooLong(thread);
}

/** What a reply comes to: calls are made, words end the agent, and what is neither is put right. */
async function take(thread: Thread, reply: KeptReply, late: readonly Told[]): Promise<AgentEnd | undefined> {
  const calls = reply.parts.filter((part): part is CallPart => part.kind === 'tool-call');
  const text = reply.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  if (text.trim() !== '') thread.text = text;
  if (reply.parts.length > 0) thread.messages.push({ role: 'assistant', parts: reply.parts });
  if (calls.length > 0) {
    const done = await act(thread, calls, reply);
    if (typeof done === 'object' && !(done.kind === 'finished' && late.length > 0)) return done;
    hearAll(thread, late);
    if (reply.problem !== null) say(thread, reply.problem);
    return done === false ? correct(thread) : steady(thread);
  }
  if (late.length > 0) {
    hearAll(thread, late);
    return steady(thread);
  }
  if (reply.finish === 'refused') return refused(thread);
  if (reply.problem !== null) return correct(thread, reply.problem);
  if (text.trim() === '')
    return correct(thread, 'Your reply was empty. Go on with your task: call a tool, or give your answer.');
  if (reply.finish === 'length')
    return correct(thread, 'Your reply was cut because it was too long. Say it again in far fewer words.');
  return finishWithText(thread, text);
}

/** The model ends with words: they are the answer, or it is told once how to hand it over. */
async function finishWithText(thread: Thread, text: string): Promise<AgentEnd | undefined> {
  const { output } = thread.request;
  if (!output) return { kind: 'finished', output: null };
  const { name } = output.tool.model;
  const input = output.ofText(text, thread.corrections > 0);
  if (input === undefined)
    return correct(
      thread,
      `If you are done, hand over your answer by calling ${name}. If not, go on with your tools.`,
    );
  const call = { kind: 'tool-call', callId: `said-${thread.calls}`, tool: name, input } as const;
  // Its places were found in what it said: those that don't exist are left out without a word.
  thread.failures.set(name, Math.max(1, thread.failures.get(name) ?? 0));
  thread.messages.pop();
  thread.messages.push({ role: 'assistant', parts: [{ kind: 'text', text }, call] });
  const done = await act(thread, [call], { ...emptyReply, parts: [call] });
  if (typeof done === 'object') return done;
  return correct(thread);
}

const emptyReply: KeptReply = {
  parts: [],
  finish: 'stop',
  tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 },
  usd: null,
  durationMs: 0,
  problem: null,
  oversized: [],
};

function steady(thread: Thread): undefined {
  thread.corrections = 0;
}

function correct(thread: Thread, words?: string): AgentEnd | undefined {
  thread.corrections += 1;
  if (words !== undefined) say(thread, words);
  if (thread.corrections <= mostCorrections) return undefined;
  const { model } = thread.beginning.info;
  const notice = `The agent stopped because ${model} answered ${thread.corrections} times in a row what makes no sense. Use another model.`;
  return { kind: 'stopped', why: 'nonsense', notice };
}

function refused(thread: Thread): AgentEnd {
  const { model } = thread.beginning.info;
  const notice = `The agent stopped because ${model} declined to go on. Put the task in other words, or use another model.`;
  return { kind: 'stopped', why: 'refused', notice };
}

/** A limit was reached: the model gets one more turn to hand over what it has. */
async function wrapUp(thread: Thread, limit: LimitName): Promise<AgentEnd> {
  const { output } = thread.request;
  const how = output ? `call ${output.tool.model.name}` : 'say';
  say(
    thread,
    `Your limit is reached (${limit}); no more work is possible. In this last reply, ${how} what you have found or done so far, and what is left open.`,
  );
  const notice = limitNotice(limit, thread.limits);
  const asked = await askTurn(thread, 'wrap-up');
  if (!('reply' in asked)) return { kind: 'limit', limit, output: null, notice };
  const handed = await take(thread, asked.reply, []);
  return { kind: 'limit', limit, output: handed?.kind === 'finished' ? handed.output : null, notice };
}

function asMessage({ text }: Told) {
  return { role: 'user', text: toldText(text) } as const;
}
