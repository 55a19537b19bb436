import { z } from 'zod';
import { errorTable, GantryError, type ErrorCode } from '../../src/base/errors.ts';
import { answerPayloadSchema } from '../../src/contract/question.ts';
import { defineCapability } from '../../src/kernel/capability.ts';

/** Asks a person to review a plan, under the name `review`, and repeats the answer. */
export const approving = defineCapability({
  name: 'approving',
  input: z.strictObject({
    title: z.string().default('Review the plan'),
    run: z.string().default('Retry webhook delivery with backoff'),
    role: z.enum(['admin', 'member']).optional(),
    timeoutMs: z.number().optional(),
  }),
  output: answerPayloadSchema,
  title: ({ run }) => run,
  run: async (ctx, { title, role, timeoutMs }) => {
    const given = await ctx.signal('review', answerPayloadSchema, {
      ...(timeoutMs !== undefined && { timeoutMs }),
      ask: {
        title,
        text: 'The plan changes how deliveries are tried again. Approve starts the work.',
        items: [
          { title: 'Add a delivery_attempts table' },
          { title: 'Compute the next delay', detail: 'Doubles each time, at most an hour' },
          { title: 'Retry in the delivery worker', tag: { text: 'Changed', colour: 'live' } },
        ],
        facts: [
          { label: 'Estimate', value: '$1.72, 14 to 22 min' },
          { label: 'Budget left', value: '$4.82 of $5.00' },
        ],
        answers: [
          { value: 'go', label: 'Approve plan', tone: 'go', comment: 'optional' },
          { value: 'change', label: 'Request changes', tone: 'change', comment: 'required' },
          { value: 'refuse', label: 'Reject', tone: 'refuse' },
        ],
        onExpiry: 'The run ends without it.',
        ...(role && { who: { kind: 'role', role } }),
      },
    });
    return given ?? { answer: 'nobody', comment: '' };
  },
});

/** Fails with the code that it is given. */
export const failingWith = defineCapability({
  name: 'failing',
  input: z.strictObject({
    code: z.string(),
    run: z.string().default('Import price history'),
    /** At the end of the message. */
    more: z.string().default(''),
  }),
  output: z.null(),
  title: ({ run }) => run,
  run: async (_ctx, { code, more }) => {
    throw new GantryError(
      code in errorTable ? (code as ErrorCode) : 'INTERNAL',
      `It failed with ${code}.${more}`,
    );
  },
});
