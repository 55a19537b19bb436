import type { Turn } from '../../../../contract/run-conversation.ts';
import type { StepEntry } from '../../../../contract/run-timeline.ts';
import type { RunView } from '../../../../contract/run-view.ts';
import { readAgentName, type AgentName } from './agent-name.ts';

/** Something that is under way at this moment. */
export interface Doing {
  readonly key: string;
  /** Null for what Gantry does itself. */
  readonly agent: AgentName | null;
  readonly does: 'thinks' | 'writes' | 'calls' | 'steps';
  /** What the tool was called on, or the name of the step. */
  readonly what: string;
  readonly since: string;
}

const lookedAt = 60;
/* Steps of agents: what they do is told by their turns, but for a model that has not said anything yet. */
const ofAgents = /^(?:(.+)\.)?(begin|model|tool|question|budget|mcp)\b/;

/** What agents do now, each its last act, and what else is under way. Nothing while the run does not run. */
export function doingsOf(view: RunView): Doing[] {
  if (view.status !== 'running') return [];
  const { conversation, timeline } = view;
  const last = new Map<string, Turn>();
  for (const entry of conversation.entries.slice(-lookedAt))
    if (entry.kind === 'turn') last.set(entry.agent, entry);
  const byTurns = [...last.values()].flatMap(doingsOfTurn);
  const speaks = new Set([...last.values()].filter(({ model }) => model === null).map(({ agent }) => agent));
  const bySteps = [...timeline.open.values()].flatMap((step) => doingOfStep(step, speaks));
  return [...byTurns, ...bySteps];
}

function doingOfStep({ key, step, startedAt: since }: StepEntry, speaks: ReadonlySet<string>): Doing[] {
  const [ofAgent, agent, what] = ofAgents.exec(step) ?? [];
  if (ofAgent === undefined) return [{ key, agent: null, does: 'steps', what: step, since }];
  if (agent === undefined || what !== 'model' || speaks.has(agent)) return [];
  return [{ key, agent: readAgentName(agent), does: 'thinks', what: '', since }];
}

function doingsOfTurn({ key, agent, at, text, model, tools }: Turn): Doing[] {
  const who = readAgentName(agent);
  if (model === null)
    return [{ key, agent: who, does: text === '' ? 'thinks' : 'writes', what: '', since: at }];
  return tools
    .filter(({ state }) => state === 'running')
    .map(({ callId, title, startedAt }) => ({
      ...{ key: `${key} ${callId}`, agent: who, does: 'calls', what: title, since: startedAt },
    }));
}

/** Of which step of the plan it is: its agents say so by their names, and so do the steps that prove and commit. */
export function stepOfDoing({ agent, what, does }: Doing): string | null {
  if (agent) return agent.step;
  return does === 'steps' ? (/^(?:verify|commit) (.+)\.\d+$/.exec(what)?.[1] ?? null) : null;
}

const known = {
  resolve: 'resolve',
  'detect checks': 'detect',
  'check the base': 'base',
  merge: 'merge',
  'look at the forge': 'forge',
} as const;

export type DoingWord = 'verify' | 'commit' | 'diff' | 'push' | (typeof known)[keyof typeof known];

/** The words that a step of Gantry's own has in the catalogue; undefined for one that it does not know. */
export function wordOfStep(name: string): DoingWord | undefined {
  const first = name.split(' ', 1)[0] ?? '';
  if (first === 'verify' || first === 'commit' || first === 'diff' || first === 'push') return first;
  return Object.hasOwn(known, name) ? known[name as keyof typeof known] : undefined;
}
