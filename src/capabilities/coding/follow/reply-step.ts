import { GantryError } from '../../../base/errors.ts';
import { inertLines } from '../../../base/inert.ts';
import { quietMarkdown } from '../quiet-text.ts';
import type { SessionContext } from '../session-context.ts';
import { commentKey, type OpenComment } from './look-at-pull.ts';

const mostTries = 4;

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
        const forge = await resources.repositories.forge(input.repository);
        try {
          const [body, key] = [quietMarkdown(inertLines(text)), commentKey(comment)];
          if (comment.kind === 'review') await forge.reply(pull, comment, body, key);
          else await forge.comment({ on: 'pull', number: pull }, body, key);
          return true;
        } finally {
          await forge.close();
        }
      } catch (error) {
        if (!(error instanceof GantryError) || step.attempt < mostTries) throw error;
        const message = `A comment of ${comment.author} was not answered: ${error.message}`;
        step.emit({ type: 'log', data: { level: 'warn', message } });
        return false;
      }
    },
    { retry: { attempts: mostTries, delayMs: 2000, maxDelayMs: 30_000 } },
  );
}
