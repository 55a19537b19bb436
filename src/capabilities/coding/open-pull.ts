import { GantryError, type ErrorCode } from '../../base/errors.ts';
import { withForge } from '../../resources/repositories/with-forge.ts';
import type { Built } from './build.ts';
import type { Building } from './build-step.ts';
import { describePull } from './describe-pull.ts';
import { retries } from './retries.ts';
import type { SessionPull } from './schema.ts';
import { sessionPull } from './session-pull.ts';

const refusals = new Set<ErrorCode>(['FORGE_FORBIDDEN', 'FORGE_KEY_REFUSED', 'CONFLICT', 'NOT_FOUND']);

export type Opened =
  | { readonly kind: 'opened'; readonly pull: SessionPull }
  /** The branch is there, and a pull request can't be. */
  | { readonly kind: 'unable'; readonly notice: string };

type Answer = { readonly head: string } & (
  | { readonly pull: SessionPull }
  | { readonly problem: string }
  | { readonly unable: string }
);

/** Opens one pull request for the branch, however often it is tried. What the forge refuses is shown in its own words. */
export async function openPull(building: Building, built: Built): Promise<Opened> {
  const { session, start } = building;
  const { ctx, input, resources } = session;
  const { repository, branch: base } = start.state.base;
  const draft = (input.pull ?? start.config.pull) === 'draft';
  const able = await ctx.step('look at the forge', () =>
    withForge(resources.repositories, repository, async (forge) => forge.abilities.pulls),
  );
  if (!able)
    return {
      kind: 'unable',
      notice: `${repository.name} has no pull requests. Its branch ${start.branch} is pushed.`,
    };
  const text = await describePull(building, built);
  for (;;) {
    const answer = await ctx.step(
      'open the pull request',
      async (step): Promise<Answer> => {
        const asked = { ...text, head: start.branch, base: base ?? '', draft };
        try {
          const pull = await withForge(resources.repositories, repository, (forge) =>
            forge.openPull(asked, step.idempotencyKey),
          );
          return { head: start.branch, pull: sessionPull(pull) };
        } catch (error) {
          if (!(error instanceof GantryError)) throw error;
          if (error.code === 'FORGE_UNABLE') return { head: start.branch, unable: error.message };
          if (refusals.has(error.code)) return { head: start.branch, problem: error.message };
          throw error;
        }
      },
      { retry: retries.publishing },
    );
    // A fork has the record of its origin's pull request.
    if (answer.head !== start.branch) continue;
    if ('pull' in answer) return { kind: 'opened', pull: answer.pull };
    if ('unable' in answer) return { kind: 'unable', notice: answer.unable };
    const notice = `The branch ${start.branch} is pushed, but no pull request could be opened: ${answer.problem}`;
    if (input.auto === true) return { kind: 'unable', notice };
    const given = await ctx.ask('publish', {
      title: 'The pull request could not be opened',
      text: `${answer.problem} The branch ${start.branch} is pushed. Put it right and try again, or leave it at the branch.`,
      subject: { kind: 'publish', value: { reason: 'pull', files: [] } },
      answers: [
        { value: 'open', label: 'Try again', tone: 'go' },
        { value: 'leave', label: 'Leave it at the branch', tone: 'refuse' },
      ],
    });
    if (given?.value !== 'open') return { kind: 'unable', notice };
  }
}
