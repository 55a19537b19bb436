import { latestWithin } from '../latest-within.ts';
import { phase, skips } from '../phases.ts';
import type { DebateRound, GoalIteration, GoalSpec, GoalState } from '../schema.ts';
import type { SessionContext, SessionStart } from '../session-context.ts';
import { tellState } from '../tell-state.ts';
import { debate, type Debated } from './debate.ts';
import { goalQuestion } from './goal-question.ts';
import { specOfGoal } from './spec-of-goal.ts';

export type AgreedGoal =
  | { readonly kind: 'accepted'; readonly spec: GoalSpec }
  | { readonly kind: 'rejected'; readonly notice: string };

/**
 * The phase `Goal`: what the user wants becomes a specification that agents have debated and a person has accepted, refined
 * as often as they like. Without a person the judge's word counts. State `goal` tells of each word of it.
 */
export async function agreeOnGoal(session: SessionContext, start: SessionStart): Promise<AgreedGoal> {
  const { ctx, input } = session;
  const done: GoalIteration[] = [];
  const tell = (status: GoalState['status'], ...now: GoalIteration[]): GoalState => {
    const state = { status, iterations: latestWithin([...done, ...now]) };
    tellState(ctx, 'goal', state);
    return state;
  };
  if (skips(input, 'goal')) {
    const spec = specOfGoal(input.goal);
    tell('skipped', { iteration: 1, feedback: null, rounds: [], spec });
    return { kind: 'accepted', spec };
  }
  ctx.emit({ type: 'progress', data: { phase: phase.goal } });
  const wishes: string[] = [];
  for (;;) {
    const iteration = done.length + 1;
    const earlier = done.at(-1)?.spec ?? null;
    const asFar = (rounds: readonly DebateRound[], spec: GoalSpec | null): GoalIteration => ({
      ...{ iteration, feedback: wishes.at(-1) ?? null, rounds: [...rounds], spec },
    });
    tell('debating', asFar([], null));
    const debated = await debate({
      ...{ session, start, iteration, wishes, earlier },
      tell: (rounds) => void tell('debating', asFar(rounds, null)),
    });
    const spec = debated.spec ?? specOfGoal(input.goal);
    done.push(asFar(debated.rounds, spec));
    const decided =
      input.auto === true ? decideAlone(session, debated) : await decide(session, tell, debated);
    if (decided.kind === 'refine') {
      wishes.push(decided.wish);
      continue;
    }
    tell(decided.kind);
    return decided.kind === 'accepted' ? { kind: 'accepted', spec } : decided;
  }
}

type Decided =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly notice: string }
  | { readonly kind: 'refine'; readonly wish: string };

async function decide(
  { ctx }: SessionContext,
  tell: (status: GoalState['status']) => GoalState,
  debated: Debated,
): Promise<Decided> {
  const given = await ctx.ask('goal', goalQuestion(tell('proposed'), debated));
  if (given?.value === 'accept') return { kind: 'accepted' };
  if (given?.value === 'refine') return { kind: 'refine', wish: given.comment };
  const words = given?.comment ? `: ${given.comment}` : '.';
  return { kind: 'rejected', notice: `${given?.byName ?? 'The user'} rejected the goal${words}` };
}

/** What the judge said decides; what it still wanted when the rounds were over is kept in the log. */
function decideAlone({ ctx }: SessionContext, { judgement, notices }: Debated): Decided {
  if (judgement?.verdict === 'infeasible')
    return { kind: 'rejected', notice: `The goal can't be reached: ${judgement.reason}` };
  const open = judgement?.verdict === 'revise' ? judgement.instructions : [];
  for (const message of [...notices, ...open.map((each) => `The judge still wanted: ${each}`)])
    ctx.emit({ type: 'log', data: { level: 'warn', message } });
  return { kind: 'accepted' };
}
