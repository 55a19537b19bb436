import type { Event } from './event.ts';

type Data<Type extends Event['type']> = Extract<Event, { type: Type }>['data'];

/** A call of a tool and what came of it. */
export interface ToolUse {
  readonly callId: string;
  readonly tool: string;
  readonly title: string;
  readonly input: string;
  readonly startedAt: string;
  /** `lost`: its worker was lost or its run ended before it was done. */
  state: 'running' | 'done' | 'failed' | 'lost';
  text: string;
  durationMs: number | null;
  checkpoint: string | null;
  changes: Data<'tool.answered'>['changes'];
}

/** One call of a model, what it said, and the tools that it called. */
export interface Turn {
  readonly kind: 'turn';
  readonly key: string;
  readonly agent: string;
  readonly turn: number;
  readonly at: string;
  text: string;
  reasoning: string;
  /** Null until the model has answered. */
  model: Data<'model'> | null;
  readonly tools: ToolUse[];
}

/** What somebody wrote to the run while it worked. */
export interface ToldMessage {
  readonly kind: 'told';
  readonly key: string;
  readonly at: string;
  readonly text: string;
  readonly by: string | null;
}

/** What agents and people said and did in a run, in order; plain data that is changed in place. */
export interface Conversation {
  readonly entries: (Turn | ToldMessage)[];
  plan: Data<'plan'>['items'];
  workspace: Data<'workspace'> | null;
  /** Files that differ from the start, by path: what was last said of each. */
  readonly changed: Map<string, Data<'tool.answered'>['changes'][number]>;
  readonly egress: Data<'egress'>[];
  /** Calls that were paid, and what they cost as far as that is known. */
  readonly spent: Spent;
  /** The same of each agent, by its name. */
  readonly spentBy: Map<string, Spent>;
}

/** What calls of models came to. */
export interface Spent {
  calls: number;
  cacheHits: number;
  inputTokens: number;
  outputTokens: number;
  usd: number;
}

/** So many decisions of the proxy are kept, the latest ones. */
const mostEgress = 200;

export function createConversation(): Conversation {
  return {
    entries: [],
    plan: [],
    workspace: null,
    changed: new Map(),
    egress: [],
    spent: nothingSpent(),
    spentBy: new Map(),
  };
}

/** Adds what happened next; events of other kinds change nothing. */
export function addToConversation(conversation: Conversation, event: Event): void {
  switch (event.type) {
    case 'said':
      return addSaid(turnOf(conversation, event.data, event), event.data);
    case 'model':
      return addModel(conversation, event.data, event);
    case 'tool.called':
      turnOf(conversation, event.data, event).tools.push(toolUse(event.data, event.at));
      return;
    case 'tool.answered':
      return addAnswer(conversation, event.data, event);
    case 'plan':
      conversation.plan = event.data.items;
      return;
    case 'workspace':
      conversation.workspace = event.data;
      return;
    case 'egress':
      conversation.egress.push(event.data);
      if (conversation.egress.length > mostEgress) conversation.egress.shift();
      return;
    case 'told': {
      const { text, by } = event.data;
      conversation.entries.push({ kind: 'told', key: `${event.seq}`, at: event.at, text, by });
    }
  }
}

/** The attempt was lost or the run is over: what was under way will not go on; a turn without an answer begins anew. */
export function loseConversation(conversation: Conversation): void {
  const last = conversation.entries.findLast((entry) => entry.kind === 'turn');
  if (!last) return;
  for (const tool of last.tools) if (tool.state === 'running') tool.state = 'lost';
  if (last.model === null) Object.assign(last, { text: '', reasoning: '' });
}

function turnOf(
  { entries }: Conversation,
  { agent, turn }: { readonly agent: string; readonly turn: number },
  { seq, at }: Event,
): Turn {
  const known = entries.findLast(
    (entry): entry is Turn => entry.kind === 'turn' && entry.agent === agent && entry.turn === turn,
  );
  if (known) return known;
  const begun: Turn = {
    kind: 'turn',
    key: `${seq}`,
    agent,
    turn,
    at,
    text: '',
    reasoning: '',
    model: null,
    tools: [],
  };
  entries.push(begun);
  return begun;
}

function addSaid(turn: Turn, { kind, text, again }: Data<'said'>): void {
  if (again) Object.assign(turn, { text: '', reasoning: '' });
  turn[kind] += text;
}

function addModel(conversation: Conversation, data: Data<'model'>, event: Event): void {
  const { spent, spentBy } = conversation;
  const ofAgent = spentBy.get(data.agent) ?? nothingSpent();
  spentBy.set(data.agent, ofAgent);
  for (const each of [spent, ofAgent]) addSpent(each, data);
  if (data.purpose === 'turn') turnOf(conversation, data, event).model = data;
}

function nothingSpent(): Spent {
  return { calls: 0, cacheHits: 0, inputTokens: 0, outputTokens: 0, usd: 0 };
}

function addSpent(spent: Spent, data: Data<'model'>): void {
  if (data.fromCache) spent.cacheHits += 1;
  else spent.calls += 1;
  spent.inputTokens += data.inputTokens;
  spent.outputTokens += data.outputTokens;
  spent.usd += data.usd ?? 0;
}

function toolUse({ callId, tool, title, input }: Data<'tool.called'>, startedAt: string): ToolUse {
  return {
    ...{ callId, tool, title, input, startedAt },
    ...{ state: 'running', text: '', durationMs: null, checkpoint: null, changes: [] },
  };
}

function addAnswer(conversation: Conversation, data: Data<'tool.answered'>, event: Event): void {
  const use = turnOf(conversation, data, event).tools.findLast((each) => each.callId === data.callId);
  const { failed, text, durationMs, checkpoint, changes } = data;
  for (const change of changes) conversation.changed.set(change.path, change);
  if (use) Object.assign(use, { state: failed ? 'failed' : 'done', text, durationMs, checkpoint, changes });
}
