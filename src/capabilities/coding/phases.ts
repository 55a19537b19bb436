import type { CodingInput } from './schema.ts';

/** The names that phases have on the beam, in order. */
export const phase = {
  prepare: 'Prepare',
  goal: 'Goal',
  plan: 'Plan',
  build: 'Build',
  verify: 'Verify',
  publish: 'Publish',
  followUp: 'Follow up',
} as const;

/** Whether the session does without a phase. */
export function skips({ skip = [] }: CodingInput, what: NonNullable<CodingInput['skip']>[number]): boolean {
  return skip.includes(what);
}

/** The phases that a session will go through after its first. */
export function comingPhases(input: CodingInput): string[] {
  return [
    ...(skips(input, 'goal') ? [] : [phase.goal]),
    ...(skips(input, 'plan') ? [] : [phase.plan]),
    phase.build,
    ...(skips(input, 'verify') && skips(input, 'review') ? [] : [phase.verify]),
    phase.publish,
    ...(input.followUp ? [phase.followUp] : []),
  ];
}
