import { GantryError, type ErrorCode } from '../../base/errors.ts';
import { retries } from './retries.ts';
import type { SessionContext, SessionStart } from './session-context.ts';

/** What a person can put right, or decides about; all else is tried again or fails. */
const asked = new Set<ErrorCode>([
  'BRANCH_MOVED',
  'BRANCH_PROTECTED',
  'PUSH_REFUSED',
  'FORGE_FORBIDDEN',
  'FORGE_KEY_REFUSED',
  'NOT_FOUND',
  'WORKSPACE_FULL',
]);

export interface PushRequest {
  readonly head: string;
  /** What an earlier push of the session has put there. */
  readonly replaces: string | null;
  /** For the step's name: `the branch`. */
  readonly name: string;
  /** Answers `moved` in place of asking, where others have pushed meanwhile. */
  readonly mayMove?: boolean;
}

interface PushAnswer {
  readonly branch: string;
  readonly refused: { readonly code: ErrorCode; readonly message: string } | null;
}

export type Pushed =
  | { readonly kind: 'pushed' | 'moved' }
  | { readonly kind: 'stopped'; readonly notice: string };

/** Pushes the branch. What the remote refuses is shown to a person, who puts it right and has it tried again. */
export async function pushStep(
  session: SessionContext,
  start: SessionStart,
  { head, replaces, name, mayMove = false }: PushRequest,
): Promise<Pushed> {
  const { ctx, input, resources } = session;
  const { branch, state } = start;
  for (;;) {
    const answer = await ctx.step(
      `push ${name}`,
      async (step): Promise<PushAnswer> => {
        try {
          await resources.workspaces.publish(step, { base: state.base, head, branch, replaces });
          return { branch, refused: null };
        } catch (error) {
          if (!(error instanceof GantryError) || !asked.has(error.code)) throw error;
          return { branch, refused: { code: error.code, message: error.message } };
        }
      },
      { retry: retries.publishing },
    );
    // A fork has the record of its origin's push, which was to another branch.
    if (answer.branch !== branch) continue;
    const { refused } = answer;
    if (refused === null) return { kind: 'pushed' };
    if (mayMove && refused.code === 'BRANCH_MOVED') return { kind: 'moved' };
    const notice = `The branch ${branch} could not be pushed: ${refused.message}`;
    if (input.auto === true) return { kind: 'stopped', notice };
    const given = await ctx.ask('publish', {
      title: 'The branch could not be pushed',
      text: `${refused.message} The commits are safe here. Put it right and push again, or keep them here.`,
      subject: { kind: 'publish', value: { reason: refused.code, files: [] } },
      answers: [
        { value: 'push', label: 'Push again', tone: 'go' },
        { value: 'stop', label: 'Keep them here', tone: 'refuse' },
      ],
    });
    if (given?.value !== 'push') return { kind: 'stopped', notice };
  }
}
