import type { Ask } from '../contract/question.ts';
import type { Tool } from './agent.ts';
import { cutEnd } from './cut.ts';
import { nameOf, type CallPart, type Thread } from './thread.ts';

/**
 * Asks a person before a call that has to be asked about. Answers what the model reads when it may not be made; undefined
 * when it may.
 */
export async function confirmCall(
  thread: Thread,
  call: CallPart,
  tool: Tool,
  input: unknown,
): Promise<string | undefined> {
  const { name } = tool.model;
  if (!mustAsk(thread, tool) || thread.allowed.has(name)) return undefined;
  const given = await thread.ctx.ask(nameOf(thread, 'confirm'), question(thread, call, tool, input));
  if (given?.value === 'all') thread.allowed.add(name);
  if (given?.value === 'all' || given?.value === 'once') return undefined;
  const why = given?.comment ? ` They say: ${given.comment}` : '';
  return `The user does not allow this call.${why} Don't try it again in another way; go on without it, or ask.`;
}

function mustAsk({ request }: Thread, { effect, model }: Tool): boolean {
  const { confirm, output } = request;
  if (confirm === undefined || effect === 'ask' || model.name === output?.tool.model.name) return false;
  if (confirm === 'all') return true;
  return confirm === 'changes' ? effect === 'change' : confirm.includes(model.name);
}

function question({ request }: Thread, { input: raw }: CallPart, tool: Tool, input: unknown): Ask {
  const { name } = tool.model;
  const redact = (text: string) => request.redactor?.redact(text) ?? text;
  return {
    title: redact(cutEnd(`Allow: ${tool.title(input)}`, 200)),
    text: 'The agent waits for your word before it does this.',
    facts: fieldsOf(raw).map(([label, value]) => ({ label, value: redact(cutEnd(value, 2000)) })),
    answers: [
      { value: 'once', label: 'Allow', tone: 'go' },
      { value: 'all', label: `Allow every ${cutEnd(name, 40)} in this run`, tone: 'change' },
      { value: 'refuse', label: 'Refuse', tone: 'refuse', comment: 'optional' },
    ],
  };
}

function fieldsOf(input: unknown): [string, string][] {
  const entries = typeof input === 'object' && input !== null ? Object.entries(input) : [['input', input]];
  return entries
    .slice(0, 20)
    .map(([label, value]) => [
      cutEnd(String(label), 200),
      typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? ''),
    ]);
}
