import { GantryError } from '../../base/errors.ts';
import { withForge } from '../../resources/repositories/with-forge.ts';
import { skips } from './phases.ts';
import { retries } from './retries.ts';
import type { SessionContext } from './session-context.ts';

/**
 * Looks before anything is spent whether the work could be pushed in the end. Where it could not, a person says whether to
 * begin all the same; with `auto` it throws FORGE_FORBIDDEN.
 */
export async function mayPush({ ctx, input, resources }: SessionContext): Promise<boolean> {
  const { repository } = input;
  if (repository.kind === 'bundle' || skips(input, 'push')) return true;
  const { mayPush: may, isArchived } = await ctx.step(
    'look at the rights',
    () => withForge(resources.repositories, repository, (forge) => forge.describe()),
    { retry: retries.asking },
  );
  if (may && !isArchived) return true;
  const { name } = repository;
  const message = isArchived
    ? `${name} is archived: nothing can be pushed to it. Unarchive it at its forge.`
    : `Gantry may read ${name}, but not push to it. Give its credential the right to write, or store another with \`gantry repos token ${name}\`.`;
  if (input.auto === true) throw new GantryError('FORGE_FORBIDDEN', message);
  const given = await ctx.ask('publish', {
    title: `Begin without the right to push?`,
    text: `${message} The session can begin meanwhile; what it makes is kept here until it can be pushed.`,
    subject: { kind: 'publish', value: { reason: 'FORGE_FORBIDDEN', files: [] } },
    answers: [
      { value: 'begin', label: 'Begin all the same', tone: 'go' },
      { value: 'stop', label: 'Stop here', tone: 'refuse' },
    ],
  });
  return given?.value === 'begin';
}
