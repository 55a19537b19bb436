import type { AgentEnd, Tool } from './agent.ts';
import { adviceFor } from './advice.ts';
import { askPerson } from './ask-person.ts';
import { confirmCall } from './confirm.ts';
import { fence } from './fence.ts';
import type { KeptReply } from './keep-reply.ts';
import { limitNotice } from './limits.ts';
import { fingerprint, repeats } from './repeats.ts';
import { say, type CallPart, type Thread } from './thread.ts';
import { shownCall, tellAnswer, toolStep } from './tool-step.ts';
import { planOf, planTool } from './tools/plan.ts';

/** What one call came to. */
interface Acted {
  readonly end?: AgentEnd;
  /** It was a call that a tool could make something of. */
  readonly sound: boolean;
}

/**
 * Makes the calls of a reply, one after another: what one changes, the next one finds. Answers how the agent ends, when
 * one of them ends it; `false` when none of them made sense.
 */
export async function act(
  thread: Thread,
  calls: readonly CallPart[],
  reply: KeptReply,
): Promise<AgentEnd | boolean> {
  let sound = false;
  const touched: string[] = [];
  for (const call of calls) {
    const acted = await perform(thread, call, reply, touched);
    if (acted.end) return acted.end;
    sound ||= acted.sound;
  }
  for (const path of touched) thread.touched.add(path);
  const advice = adviceFor(thread, touched);
  if (advice !== undefined) say(thread, advice);
  const repeated = repeats(thread.fingerprints);
  if (repeated === 'end') {
    const notice = limitNotice('loop', thread.limits);
    return { kind: 'limit', limit: 'loop', output: null, notice };
  }
  if (repeated === 'hint')
    say(thread, 'You repeat the same calls and get the same answers. Try something else, or come to an end.');
  return sound;
}

async function perform(
  thread: Thread,
  call: CallPart,
  { oversized }: KeptReply,
  touched: string[],
): Promise<Acted> {
  const tool = thread.tools.find(({ model }) => model.name === call.tool);
  if (!tool) return refuse(thread, call, undefined, unknownTool(thread, call));
  if (oversized.includes(call.callId))
    return refuse(thread, call, tool, 'The input of this call was too large to be taken. Split it up.');
  const checked = tool.check(call.input);
  if ('problem' in checked) return refuse(thread, call, tool, checked.problem);
  const { input } = checked;
  if (tool.effect === 'ask') return answerPerson(thread, call, tool, input);
  const refusal = await confirmCall(thread, call, tool, input);
  if (refusal !== undefined) return { ...refuse(thread, call, tool, refusal), sound: true };
  const record = await toolStep(thread, call, tool, input);
  thread.activeMs += record.durationMs;
  thread.ctx.use({ wallMs: record.durationMs });
  if (record.state) thread.state = record.state;
  if (record.failed) thread.failures.set(call.tool, (thread.failures.get(call.tool) ?? 0) + 1);
  else if (tool.model.name === planTool.model.name) thread.plan = planOf(input);
  thread.fingerprints.push(fingerprint(call.tool, call.input, record.text));
  touched.push(...(tool.touches?.(input) ?? []));
  answer(thread, call, fence(record.nonce, tool.title(input), record.text), record.failed);
  if (record.final) return { sound: true, end: { kind: 'finished', output: record.final.output } };
  return { sound: true };
}

function unknownTool({ tools }: Thread, { tool }: CallPart): string {
  const names = tools.map(({ model }) => model.name).join(', ');
  return `There is no tool "${tool.slice(0, 100)}". There are: ${names}.`;
}

/** Answers a call that can't be made; told live like any other. */
function refuse(thread: Thread, call: CallPart, tool: Tool | undefined, text: string): Acted {
  thread.ctx.emit({ type: 'tool.called', data: shownCall(thread, call, tool) });
  tellRefusal(thread, call, text);
  thread.fingerprints.push(fingerprint(call.tool, call.input, text));
  answer(thread, call, text, true);
  return { sound: false };
}

function tellRefusal(thread: Thread, call: CallPart, text: string): void {
  tellAnswer(thread, (event) => thread.ctx.emit(event), call, {
    text,
    failed: true,
    state: null,
    durationMs: 0,
  });
}

async function answerPerson(thread: Thread, call: CallPart, tool: Tool, input: unknown): Promise<Acted> {
  thread.ctx.emit({ type: 'tool.called', data: shownCall(thread, call, tool, input) });
  const text = await askPerson(thread, input);
  tellAnswer(thread, (event) => thread.ctx.emit(event), call, {
    text,
    failed: false,
    state: null,
    durationMs: 0,
  });
  answer(thread, call, text, false);
  return { sound: true };
}

function answer(thread: Thread, { callId, tool }: CallPart, text: string, failed: boolean): void {
  thread.messages.push({ role: 'tool', callId, tool, text, failed });
}
