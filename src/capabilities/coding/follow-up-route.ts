import { GantryError } from '../../base/errors.ts';
import { route, type ApiRoute } from '../../contract/api.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { budgetSchema } from '../../contract/run.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { readSession, visibleSession } from './read-session.ts';
import { followUpSchema } from './schema.ts';
import { sessionRunSchema, type Session } from './session-reply.ts';
import { sessionParams } from './show-session.ts';
import { begun } from './start-session.ts';

/** `POST /sessions/:id/follow-up`: look once more after a pull request that is open. */
export function followUpRoute(kernel: Kernel): ApiRoute {
  return route({
    method: 'POST',
    path: '/sessions/:id/follow-up',
    summary: 'Look after the pull request of a session that is over',
    description:
      'Starts a session that answers review comments and mends failing CI on the pull request that this one opened. ' +
      'CONFLICT when it opened none, or when it is closed or merged.',
    tag: 'sessions',
    role: 'member',
    audit: { excused: 'The run says who started what, and when.' },
    params: sessionParams,
    body: followUpSchema.extend({ budget: budgetSchema.optional() }),
    replies: { 202: sessionRunSchema },
    handle: async ({ actor, params: { id }, body: { budget, ...followUp }, idempotencyKey }) => {
      const { id: runId } = await visibleSession(kernel, id, actor);
      const session = await readSession(kernel, runId);
      refuseWithoutPull(session);
      // Whoever asked for that one at an issue has asked for nothing here.
      const { issue: _, askedBy: _by, approve: _approve, ...earlier } = session.input;
      const input = { ...earlier, continues: session.id, followUp };
      return begun(kernel, actor, { input, budget, idempotencyKey });
    },
  });
}

function refuseWithoutPull({ id, status, pull }: Session): void {
  if (!isTerminal(status)) {
    const message = `The session is still ${status}. Wait for its end, or let it follow by itself with \`followUp\` at its start.`;
    throw new GantryError('CONFLICT', message);
  }
  if (!pull) {
    const message = `The session opened no pull request, so there is none to look after. \`gantry session show ${id}\` says what came of it.`;
    throw new GantryError('CONFLICT', message);
  }
  if (pull.state === 'open') return;
  const message = `The pull request #${pull.number} is ${pull.state}. Start a new session for more work.`;
  throw new GantryError('CONFLICT', message);
}
