import { phase } from '../phases.ts';
import type { DebateRound, GoalSpec } from '../schema.ts';
import { criticize, judge, propose, type Judgement, type Debating } from './speakers.ts';

/** So many rounds a debate has at most, before a person looks at what came of it. */
export const mostRounds = 3;

interface Topic extends Pick<Debating, 'session' | 'start' | 'iteration' | 'wishes'> {
  /** The specification that the user wants to have changed; null at first. */
  readonly earlier: GoalSpec | null;
  /** Told the rounds so far, each time that somebody has spoken. */
  readonly tell: (rounds: readonly DebateRound[]) => void;
}

export interface Debated {
  /** The latest specification; null when none was ever made. */
  readonly spec: GoalSpec | null;
  readonly judgement: Judgement | null;
  readonly rounds: readonly DebateRound[];
  /** Who came to nothing, and why. */
  readonly notices: readonly string[];
}

/** Proposer, critic and judge speak in turn, until the judge has no more to change or the rounds are over. */
export async function debate({ earlier, tell, ...topic }: Topic): Promise<Debated> {
  const done: DebateRound[] = [];
  const notices: string[] = [];
  let spec = earlier;
  for (let round = 1; round <= mostRounds; round += 1) {
    const turn: Debating = { ...topic, round, rounds: mostRounds };
    let now: DebateRound = { round, proposal: null, critique: null, judgement: null };
    const heard = (what: Partial<DebateRound>, who: string, notice: string | null) => {
      now = { ...now, ...what };
      tell([...done, now]);
      if (notice !== null) notices.push(`The ${who} came to an end early. ${notice}`);
    };
    announce(turn, 'proposal');
    const proposed = await propose(turn, spec && { spec, ...lastOf(done) });
    heard({ proposal: proposed.value }, 'proposer', proposed.notice);
    if (proposed.value === null) break;
    spec = proposed.value;
    announce(turn, 'critique');
    const critique = await criticize(turn, spec);
    heard({ critique: critique.value }, 'critic', critique.notice);
    announce(turn, 'judgement');
    const judged = await judge(turn, spec, critique.value);
    heard({ judgement: judged.value }, 'judge', judged.notice);
    done.push(now);
    if (judged.value?.verdict !== 'revise') break;
  }
  return { spec, judgement: done.at(-1)?.judgement ?? null, rounds: done, notices };
}

function lastOf(rounds: readonly DebateRound[]): { last?: DebateRound } {
  const last = rounds.at(-1);
  return last ? { last } : {};
}

function announce({ session, iteration, round, rounds }: Debating, what: string): void {
  const version = iteration === 1 ? '' : `Version ${iteration}, `;
  const message = `${version}round ${round} of ${rounds}: ${what}`;
  const first = message.charAt(0).toUpperCase();
  session.ctx.emit({ type: 'progress', data: { phase: phase.goal, message: first + message.slice(1) } });
}
