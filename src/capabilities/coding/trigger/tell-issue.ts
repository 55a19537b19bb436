import { GantryError } from '../../../base/errors.ts';
import { inert } from '../../../base/inert.ts';
import { withForge } from '../../../resources/repositories/with-forge.ts';
import { quietMarkdown } from '../quiet-text.ts';
import { retries } from '../retries.ts';
import type { CodingInput, CodingOutput } from '../schema.ts';
import type { SessionContext } from '../session-context.ts';
import { approveTrigger } from './approve-trigger.ts';

type Ended = Pick<CodingOutput, 'outcome' | 'notice' | 'pullUrl' | 'branch'>;

/** Why it ended badly, as far as it is known when the kernel undoes what was done. */
interface Failure {
  reason: string | null;
  pullUrl: string | null;
}

/**
 * Tells a session as the issue that asked for it hears of it: one comment, written when the session is taken up and changed
 * in place when it waits for approval, ends or fails. Nothing of the session itself hangs on whether the forge takes it.
 */
export async function withIssue(
  session: SessionContext,
  work: (opened: (output: CodingOutput) => Promise<void>) => Promise<CodingOutput>,
  declined: (notice: string) => CodingOutput,
): Promise<CodingOutput> {
  const { input } = session;
  if (input.issue === undefined || input.repository.kind !== 'connected') {
    const refusal = await approveTrigger(session);
    return refusal === null ? work(async () => undefined) : declined(refusal);
  }
  if (input.approve) {
    await tell(session, 'waiting', words.waiting(input));
    const refusal = await approveTrigger(session);
    if (refusal !== null) {
      await tell(session, 'declined', words.declined);
      return declined(refusal);
    }
  }
  // Only the story knows why it fails; the kernel, when it has failed for good.
  const failure: Failure = { reason: null, pullUrl: null };
  await tell(session, 'taken up', words.begun, failure);
  try {
    const output = await work(async (opened) => {
      failure.pullUrl = opened.pullUrl;
      await tell(session, 'opened', words.ended(opened));
    });
    await tell(session, 'ended', words.ended(output));
    return output;
  } catch (error) {
    failure.reason = error instanceof GantryError ? error.message : null;
    throw error;
  }
}

const words = {
  begun: 'Gantry is working on this.',
  declined: 'Gantry does not work on this: who decides here has declined.',
  waiting: ({ askedBy }: CodingInput) =>
    `Gantry waits for somebody who decides here to approve this${askedBy ? `, because ${code(askedBy.login)} may not push to this repository` : ''}.`,
  failed: ({ reason, pullUrl }: Readonly<Failure>) => {
    const why =
      reason === null
        ? 'Gantry has stopped working on this: the session was cancelled.'
        : `Gantry could not go on with this: ${plain(reason)}`;
    return pullUrl === null ? why : `${why} Its pull request: ${pullUrl}`;
  },
  ended: ({ outcome, notice, pullUrl, branch }: Ended) => {
    const why = notice === null ? '' : ` ${plain(notice)}`;
    if (pullUrl !== null) return `Gantry has opened a pull request for this: ${pullUrl}${why}`;
    if (outcome === 'pushed') return `Gantry has pushed the branch ${code(branch ?? '')} for this.${why}`;
    if (outcome === 'unchanged') return `Gantry found nothing to change for this.${why}`;
    return `Gantry has ended its work on this without a pull request.${why}`;
  },
} as const;

/** On one line; it may name steps that a model wrote. */
function plain(text: string): string {
  return quietMarkdown(inert(text).slice(0, 2000));
}

/** Shown as it is written: no mention, no markup. */
function code(text: string): string {
  return `\`${inert(text).replaceAll('`', "'").slice(0, 200)}\``;
}

async function tell(
  session: SessionContext,
  name: string,
  text: string,
  failure?: Readonly<Failure>,
): Promise<void> {
  const { ctx } = session;
  const post = (said: string) => comment(session, said);
  await ctx.step(
    `tell the issue: ${name}`,
    async (step) => {
      try {
        await post(text);
        return { problem: null };
      } catch (error) {
        if (!(error instanceof GantryError) || step.attempt < retries.telling.attempts) throw error;
        step.emit({
          type: 'log',
          data: { level: 'warn', message: `The issue was not told: ${error.message}` },
        });
        return { problem: error.message };
      }
    },
    {
      retry: retries.telling,
      ...(failure && { compensate: () => post(words.failed(failure)) }),
    },
  );
}

async function comment({ ctx, input, resources }: SessionContext, text: string): Promise<void> {
  const { issue, repository } = input;
  if (issue === undefined) return;
  const { publicUrl } = resources.forgeTalk;
  const link = publicUrl === null ? '' : new URL(`/runs/${ctx.run.id}`, publicUrl).href;
  const more = link === '' ? '' : `\n\n[See the session](${link})`;
  await withForge(resources.repositories, repository, (forge) =>
    forge.comment({ on: 'issue', number: issue }, `${text}${more}`, `session:${ctx.run.id}`),
  );
}
