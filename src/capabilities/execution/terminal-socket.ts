import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { isId } from '../../base/ids.ts';
import { socket, type ApiSocket } from '../../contract/api.ts';
import type { Run } from '../../contract/run.ts';
import { terminalFrameSchema, terminalInputSchema, type TerminalFrame } from '../../contract/terminal.ts';
import { stdinSignal } from '../../contract/stdin-signal.ts';
import type { Actor } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { executionInputSchema } from './schema.ts';

/** Follows an execution and talks to its program while it runs. */
export function terminalSocket(kernel: Kernel): ApiSocket {
  return socket({
    path: '/executions/:id/terminal',
    summary: 'Follow a program and talk to it while it runs',
    description:
      'A WebSocket. Sends the events of the run after the cursor `after`, then live, and `end` when there are no more. ' +
      'What it takes goes to the standard input of a program that was started with `interactive`: `stdin`, `end`, ' +
      '`resize`, `interrupt`. Close codes: 1000 the run has ended, 1001 the server is stopping, 1009 a frame is larger ' +
      'than 256 KiB, 4400 a frame is no JSON text, 4401 signed out, 4408 the client is too slow, 4429 too many frames.',
    tag: 'executions',
    role: 'member',
    params: z.object({ id: z.string().max(100) }),
    query: z.strictObject({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(2_147_483_647)
        .default(0)
        .describe('Only events with a higher `seq`.'),
    }),
    receives: terminalInputSchema,
    sends: terminalFrameSchema,
    open: async ({ actor, params, query, signal }) => {
      const run = await ownExecution(kernel, params.id, actor);
      const { success, data } = executionInputSchema.safeParse(run.input);
      const hears = success && data.interactive === true;
      return {
        frames: framesOf(kernel, run.id, query.after, signal),
        receive: async (frames) => {
          if (!hears)
            throw new GantryError(
              'CONFLICT',
              'The program was not started with `interactive`, so it hears nothing.',
            );
          await kernel.send(run.id, stdinSignal, frames, actor.userId);
        },
      };
    },
  });
}

/** Admins talk to all programs, members to their own; a run of somebody else is not there. */
async function ownExecution(kernel: Kernel, id: string, actor: Actor): Promise<Run> {
  const run = isId(id) ? await kernel.get(id) : undefined;
  const own = actor.role === 'admin' || run?.userId === actor.userId;
  if (run?.capability === 'execution' && own) return run;
  throw new GantryError('NOT_FOUND', 'There is no such execution.');
}

async function* framesOf(
  kernel: Kernel,
  runId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<TerminalFrame> {
  for await (const event of kernel.follow(runId, after, signal)) yield { type: 'event', event };
  if (!signal.aborted) yield { type: 'end', status: (await kernel.get(runId)).status };
}
