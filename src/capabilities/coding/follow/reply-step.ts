import { GantryError } from '../../../base/errors.ts';
import { inertLines } from '../../../base/inert.ts';
import { withForge } from '../../../resources/repositories/with-forge.ts';
import { quietMarkdown } from '../quiet-text.ts';
import { retries } from '../retries.ts';
import type { SessionContext } from '../session-context.ts';
import { commentKey, type OpenComment } from './look-at-pull.ts';

/** Answers a comment in its thread, once however often it is tried. Answers whether the forge took it. */
export function replyStep(
  { ctx, input, resources }: SessionContext,
  pull: number,
  comment: OpenComment,
  text: string,
): Promise<boolean> {
  return ctx.step(
    `reply to ${comment.kind} ${comment.id}`,
    async (step) => {
      try {
        const [body, key] = [quietMarkdown(inertLines(text)), commentKey(comment)];
        await withForge(resources.repositories, input.repository, (forge) =>
          comment.kind === 'review'
            ? forge.reply(pull, comment, body, key)
            : forge.comment({ on: 'pull', number: pull }, body, key),
        );
        return true;
      } catch (error) {
        if (!(error instanceof GantryError) || step.attempt < retries.telling.attempts) throw error;
        const message = `A comment of ${comment.author} was not answered: ${error.message}`;
        step.emit({ type: 'log', data: { level: 'warn', message } });
        return false;
      }
    },
    { retry: retries.telling },
  );
}
