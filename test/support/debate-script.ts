import type { DebateRound, GoalSpec, PlanStep } from '../../src/capabilities/coding/schema.ts';

type Judgement = NonNullable<DebateRound['judgement']>;

interface SpokenTurn {
  /** What the model must have been told for it. */
  readonly when?: string | { readonly matches: string };
  readonly delayMs?: number;
}

interface Script {
  readonly turns: readonly object[];
}

/** A script of one turn that calls this tool, which ends the agent. */
export function hands(tool: string, input: unknown, turn: SpokenTurn = {}): Script {
  return { turns: [{ ...turn, calls: [{ tool, input }] }] };
}

export function specOf(summary: string, more: Partial<GoalSpec> = {}): GoalSpec {
  return { summary, acceptance: [`${summary} shows.`], outOfScope: [], assumptions: [], risks: [], ...more };
}

export const proposes = (summary: string, turn?: SpokenTurn) => hands('propose', specOf(summary), turn);

export const criticizes = (text: string | null, turn?: SpokenTurn) =>
  hands(
    'criticize',
    { summary: 'Looked at.', points: text === null ? [] : [{ severity: 'blocking', text }] },
    turn,
  );

export function judges(verdict: Judgement['verdict'], reason: string, turn?: SpokenTurn): Script {
  const instructions = verdict === 'revise' ? [`Mend this: ${reason}`] : [];
  return hands('judge', { verdict, reason, instructions }, turn);
}

export function stepOf(id: string, more: Partial<PlanStep> = {}): PlanStep {
  return {
    ...{ id, title: `Do ${id}`, description: `What ${id} is.`, type: 'feat', files: [`${id}.ts`] },
    ...{ dependsOn: [], acceptance: [`${id} shows.`], size: 'small' },
    ...more,
  };
}

export const plans = (steps: readonly unknown[], turn?: SpokenTurn) =>
  hands('hand_over_plan', { steps }, turn);

/** Debaters that agree at once. */
export const agreeing = {
  proposer: proposes('It works'),
  critic: criticizes(null),
  judge: judges('ready', 'It is clear.'),
};
