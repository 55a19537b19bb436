import { z } from 'zod';
import { eventSchema } from './event.ts';
import { runStatusSchema } from './run.ts';

/** Size of a terminal, in characters. */
export const terminalSizeSchema = z.strictObject({
  rows: z.int().min(1).max(500),
  cols: z.int().min(1).max(1000),
});
export type TerminalSize = z.infer<typeof terminalSizeSchema>;

const longestText = 65_536;

/** What somebody sends to a program that runs; a plain string as a signal's payload is text, too. */
export const terminalInputSchema = z.union([
  z.strictObject({ type: z.literal('stdin'), text: z.string().max(longestText) }),
  z.strictObject({
    type: z.literal('stdin'),
    base64: z
      .string()
      .max(2 * longestText)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64'),
  }),
  z.strictObject({ type: z.literal('end') }).describe('No more input: Ctrl-D on a terminal.'),
  terminalSizeSchema.extend({ type: z.literal('resize') }),
  z.strictObject({ type: z.literal('interrupt') }).describe('Ctrl-C.'),
]);
export type TerminalInput = z.infer<typeof terminalInputSchema>;

/** What the server sends: the run's events after the cursor, then live. */
export const terminalFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), event: eventSchema }),
  z.object({ type: z.literal('heartbeat') }),
  z
    .object({ type: z.literal('refused'), code: z.string(), message: z.string() })
    .describe('What was sent last was not passed on.'),
  z.object({ type: z.literal('end'), status: runStatusSchema }).describe('The last frame.'),
]);
export type TerminalFrame = z.infer<typeof terminalFrameSchema>;
