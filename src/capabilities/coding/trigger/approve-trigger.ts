import type { SessionContext } from '../session-context.ts';

/**
 * Asks an admin before anything else happens when a stranger has asked for the session, also where nothing else is asked.
 * Answers why not, or null when it may begin.
 */
export async function approveTrigger({ ctx, input }: SessionContext): Promise<string | null> {
  if (input.approve !== true) return null;
  const { askedBy, issue, repository, goal } = input;
  const by = askedBy?.login ?? 'Somebody';
  const place = repository.kind === 'connected' ? repository.name : 'a repository';
  const on = issue === undefined ? place : `issue #${issue} of ${place}`;
  const given = await ctx.ask('trigger', {
    title: `Let Gantry work on ${on}?`,
    text: `${by} asks for it and may not push to the repository. What they wrote becomes the goal of the session, and the agents read the issue. Nothing has happened yet; goal and plan are asked about as always. What they ask for:\n\n${goal.slice(0, 6000).toWellFormed()}`,
    facts: [
      { label: 'Asked by', value: by },
      { label: 'By', value: askedBy?.via === 'label' ? 'a label' : 'a comment' },
      ...(issue === undefined ? [] : [{ label: 'Issue', value: `#${issue}` }]),
    ],
    who: { kind: 'role', role: 'admin' },
    answers: [
      { value: 'approve', label: 'Let it begin', tone: 'go' },
      { value: 'decline', label: 'Decline', tone: 'refuse' },
    ],
  });
  return given?.value === 'approve'
    ? null
    : `${by} asked for this without the right to push, and it was declined.`;
}
