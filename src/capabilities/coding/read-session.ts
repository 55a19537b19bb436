import { GantryError } from '../../base/errors.ts';
import type { EventType } from '../../contract/event.ts';
import { eventPageBytes, highestSeq } from '../../contract/event-cursor.ts';
import type { Run, RunSummary } from '../../contract/run.ts';
import { addPhase, endPhases, type Phase } from '../../contract/run-phases.ts';
import { isTerminal } from '../../contract/run-status.ts';
import type { Actor } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { readableRun, visibleRun } from '../../kernel/run-access.ts';
import { promised, type Session, type SessionQuestion, type SessionRun } from './session-reply.ts';
import { sessionView } from './session-view.ts';

/** The session, if this actor may see it as a run: see `visibleRun`. NOT_FOUND otherwise. */
export function visibleSession(kernel: Kernel, id: string, actor: Actor): Promise<RunSummary> {
  return asked(visibleRun(kernel, id, actor));
}

/** The session, if this actor may read it as a run: see `readableRun`. NOT_FOUND otherwise. */
export function readableSession(kernel: Kernel, id: string, actor: Actor): Promise<RunSummary> {
  return asked(readableRun(kernel, id, actor));
}

/** What is no session is as little there as what nobody may see. */
async function asked(found: Promise<RunSummary>): Promise<RunSummary> {
  const run = await found.catch((error: unknown) => {
    if (error instanceof GantryError && error.code === 'NOT_FOUND') throw noSession();
    throw error;
  });
  if (run.capability !== 'coding') throw noSession();
  return run;
}

function noSession(): GantryError {
  return new GantryError(
    'NOT_FOUND',
    'There is no such session. `GET /sessions` lists those that you may see.',
  );
}

/** The run with what went in and came out, as the capability's own. */
export async function sessionRun(kernel: Kernel, id: string): Promise<SessionRun> {
  return asSession(await kernel.get(id));
}

/** What the kernel has checked by the capability's schemas when it was stored. */
export function asSession(run: Run): SessionRun {
  return run as SessionRun;
}

/** All that a session stands at. */
export async function readSession(kernel: Kernel, id: string): Promise<Session> {
  const [run, phases, states, questions] = await Promise.all([
    sessionRun(kernel, id),
    readPhases(kernel, id),
    kernel.states(id),
    openQuestions(kernel, id),
  ]);
  const now = new Map(states.map((state) => [state.key, state]));
  return {
    ...run,
    phases: phases.map(({ message = null, ...phase }) => ({ ...phase, message })),
    ...promised(sessionView({ state: { now, changes: states } })),
    queuedBecause: await kernel.queuedBecause(run),
    questions,
  };
}

const phaseEvents: readonly EventType[] = [
  'progress',
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'run.dead',
];

async function readPhases(kernel: Kernel, id: string): Promise<Phase[]> {
  const phases: Phase[] = [];
  for (let after = 0, more = true; more;) {
    const range = { after, before: highestSeq, from: 'start', limit: 1000, bytes: eventPageBytes } as const;
    const page = await kernel.eventRange(id, { ...range, types: phaseEvents, without: [] });
    for (const event of page.items) {
      if (event.type === 'progress') addPhase(phases, event.data, event.at);
      const status = event.type.startsWith('run.') ? event.type.slice('run.'.length) : '';
      if (status === 'succeeded' || status === 'failed' || status === 'cancelled' || status === 'dead')
        endPhases(phases, status, event.at);
      after = event.seq;
    }
    ({ more } = page);
  }
  return phases;
}

/** What the session waits for a person to answer, the earliest first. */
export async function openQuestions(kernel: Kernel, id: string): Promise<SessionQuestion[]> {
  const run = await kernel.summary(id);
  if (isTerminal(run.status)) return [];
  const steps = await kernel.outline(id);
  return steps.flatMap(({ name, ordinal, question, status, dueAt }) =>
    question && status === 'waiting' ? [{ name, ordinal, question, dueAt }] : [],
  );
}
