import type { Material, OutputTool } from '../../../harness/agent.ts';
import { askAgent, lookingTools } from '../agents.ts';
import { handOver } from '../hand-over.ts';
import {
  critiqueSchema,
  goalSpecSchema,
  judgementSchema,
  type DebateRound,
  type GoalSpec,
} from '../schema.ts';
import type { SessionContext, SessionStart } from '../session-context.ts';
import { criticSystem, criticTask, judgeSystem, judgeTask, proposerSystem, proposerTask } from './prompts.ts';
import { critiqueWords, judgementWords, specWords } from './words.ts';

/** What is debated, and how far it is. */
export interface Debating {
  readonly session: SessionContext;
  readonly start: SessionStart;
  readonly iteration: number;
  readonly round: number;
  readonly rounds: number;
  /** What the user wanted to have changed so far, the earliest first. */
  readonly wishes: readonly string[];
}

/** What a speaker came to; null and why, when a limit ended it before it came to anything. */
export interface Said<Value> {
  readonly value: Value | null;
  readonly notice: string | null;
}

export type Critique = NonNullable<DebateRound['critique']>;
export type Judgement = NonNullable<DebateRound['judgement']>;

const { outOfScope, assumptions, risks } = goalSpecSchema.shape;
const proposal = handOver({
  name: 'propose',
  description: 'Hand over the specification; this ends your work.',
  schema: goalSpecSchema.extend({
    acceptance: goalSpecSchema.shape.acceptance.min(1),
    outOfScope: outOfScope.default([]),
    assumptions: assumptions.default([]),
    risks: risks.default([]),
  }),
  title: ({ acceptance }) => `propose, ${acceptance.length} to show`,
});

const critique = handOver({
  name: 'criticize',
  description: 'Hand over the critique; this ends your work. `summary` is one sentence.',
  schema: critiqueSchema.extend({
    summary: critiqueSchema.shape.summary.default(''),
    points: critiqueSchema.shape.points.default([]),
  }),
  title: ({ points }) => `criticize, ${points.length} ${points.length === 1 ? 'point' : 'points'}`,
  ofWords: (text) => ({ summary: text.slice(0, 4000).toWellFormed() }),
});

const judgement = handOver({
  name: 'judge',
  description: 'Hand over the verdict; this ends your work.',
  schema: judgementSchema.extend({ instructions: judgementSchema.shape.instructions.default([]) }),
  title: ({ verdict }) => `judge: ${verdict}`,
  mend: (value) =>
    value.verdict === 'revise' && value.instructions.length === 0
      ? { problem: 'To revise, `instructions` must say what to change. Say it, or judge otherwise.' }
      : { value },
});

/** Writes the specification, on top of an earlier one where there is one. */
export async function propose(
  turn: Debating,
  earlier: { readonly spec: GoalSpec; readonly last?: DebateRound } | null,
): Promise<Said<GoalSpec>> {
  const { goal } = turn.session.input;
  const has = earlier === null ? 'nothing' : earlier.last ? 'verdict' : 'wish';
  const said = await speak(turn, {
    who: 'proposer',
    system: proposerSystem,
    task: proposerTask(goal, turn.wishes, has),
    material: earlier === null ? [] : [asMaterial(earlier.spec), ...verdictOf(earlier.last)],
    output: proposal,
  });
  return { ...said, value: goalSpecSchema.nullable().parse(said.value) };
}

/** Attacks the specification. */
export async function criticize(turn: Debating, spec: GoalSpec): Promise<Said<Critique>> {
  const said = await speak(turn, {
    who: 'critic',
    system: criticSystem,
    task: criticTask(turn.session.input.goal, turn.wishes),
    material: [asMaterial(spec)],
    output: critique,
  });
  return { ...said, value: critiqueSchema.nullable().parse(said.value) };
}

/** Decides on it. */
export async function judge(
  turn: Debating,
  spec: GoalSpec,
  points: Critique | null,
): Promise<Said<Judgement>> {
  const said = await speak(turn, {
    who: 'judge',
    system: judgeSystem,
    task: judgeTask(turn.session.input.goal, turn.wishes, turn.round, turn.rounds),
    material: [asMaterial(spec), { from: 'the critique', text: critiqueWords(points) }],
    output: judgement,
  });
  return { ...said, value: judgementSchema.nullable().parse(said.value) };
}

const mostTurns = { proposer: 40, critic: 30, judge: 12 } as const;

interface Speech {
  readonly who: keyof typeof mostTurns;
  readonly system: string;
  readonly task: string;
  readonly material: readonly Material[];
  readonly output: OutputTool;
}

async function speak(
  { session, start, iteration, round }: Debating,
  { who, material, ...speech }: Speech,
): Promise<Said<unknown>> {
  const { limits, material: given = [] } = session.input;
  const tools = lookingTools(session);
  const { output, notice } = await askAgent(session, {
    ...speech,
    name: `${who} ${iteration}.${round}`,
    material: [...given, ...material],
    // What only the user can tell is the proposer's to ask.
    tools: who === 'proposer' ? tools : tools.filter(({ effect }) => effect !== 'ask'),
    limits: { turns: mostTurns[who], activeMs: limits?.activeMs, tokens: limits?.tokens },
    state: start.state,
  });
  return { value: output, notice };
}

function asMaterial(spec: GoalSpec): Material {
  return { from: 'the specification', text: specWords(spec) };
}

function verdictOf(last: DebateRound | undefined): Material[] {
  if (!last?.judgement) return [];
  return [
    { from: 'the critique of it', text: critiqueWords(last.critique) },
    { from: 'what the judge wants', text: judgementWords(last.judgement) },
  ];
}
