import { cutEnd } from '../base/cut.ts';
import type { ConfirmChoice } from '../contract/agent-choices.ts';
import type { Ask } from '../contract/question.ts';
import type { Confirm, Tool } from './agent.ts';
import { nameOf, type CallPart, type Thread } from './thread.ts';

/** What agents are held to, by what whoever started them has chosen. */
export const confirmOf: Readonly<Record<ConfirmChoice, Confirm | undefined>> = {
  nothing: undefined,
  commands: 'changes',
  everything: 'all',
};

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
    facts: factsOf(fieldsOf(raw).map(([label, value]) => [label, redact(value)])),
    answers: [
      { value: 'once', label: 'Allow', tone: 'go' },
      { value: 'all', label: `Allow every ${cutEnd(name, 40)} in this run`, tone: 'change' },
      { value: 'refuse', label: 'Refuse', tone: 'refuse', comment: 'optional' },
    ],
  };
}

const mostFacts = 30;
/** A question takes no longer ones; nothing may be allowed that lies hidden behind where a text was cut. */
const longestFact = 1900;

function factsOf(fields: readonly (readonly [label: string, value: string])[]): Ask['facts'] {
  const all = fields.flatMap(([label, value]) => {
    const name = cutEnd(label, 150);
    const count = Math.max(1, Math.ceil(value.length / longestFact));
    return Array.from({ length: count }, (_, n) => ({
      label: count === 1 ? name : `${name}, part ${n + 1} of ${count}`,
      value: value.slice(n * longestFact, (n + 1) * longestFact).toWellFormed(),
    }));
  });
  if (all.length <= mostFacts) return all;
  const hidden = all.slice(mostFacts - 1).reduce((sum, { value }) => sum + value.length, 0);
  const warning = `${hidden} more characters are too much to be shown here. Refuse, unless you know what they are.`;
  return [{ label: 'Not all is shown', value: warning }, ...all.slice(0, mostFacts - 1)];
}

function fieldsOf(input: unknown): [string, string][] {
  const entries = typeof input === 'object' && input !== null ? Object.entries(input) : [['input', input]];
  return entries.map(([label, value]) => [
    String(label),
    typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? ''),
  ]);
}
