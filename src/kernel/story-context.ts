import type { ZodType, z } from 'zod';
import { newId } from '../base/ids.ts';
import { answerPayloadSchema, type Ask, type GivenAnswer } from '../contract/question.ts';
import type { Usage } from '../contract/run.ts';
import type { Database } from '../store/database.ts';
import { assertGoing, passGate, whileActive, type Attempt } from './attempt.ts';
import type { Capability } from './capability.ts';
import type { ChildResult, RunContext, SignalOptions } from './context.ts';
import type { RunsOnBehalf } from './on-behalf.ts';
import { isNews } from './retelling.ts';
import { toRun } from './run-row.ts';
import { insertRun } from './start.ts';
import { assertHistoryUsed, runStep } from './step.ts';
import { lockOwned, saveWait, waitFrom, type SignalOutput, type Wait } from './wait.ts';
import type { StepKey } from './history.ts';

interface StoryOptions {
  readonly db: Database;
  readonly attempt: Attempt;
  readonly capabilityNamed: (name: string) => Capability;
  readonly runs: RunsOnBehalf;
  readonly usage: Usage;
}

/** What a story acts through: every call goes to the attempt's history first. */
export function createStoryContext({ db, attempt, capabilityNamed, runs, usage }: StoryOptions): RunContext {
  const run = toRun(attempt.row);
  return {
    run,
    runs,
    step: (name, work, options = {}) => handled(runStep(attempt, name, work, options)),
    sleep: (name, ms) => handled(sleep(attempt, name, ms)),
    signal: (name, payload, options = {}) => handled(signal(attempt, name, payload, options)),
    ask: (name, question, options = {}) => handled(askPerson(attempt, name, question, options)),
    child: (name, capability, input) =>
      handled(runChild(db, attempt, name, capabilityNamed, capability, input)),
    emit: (event) => {
      if (isNews(attempt.retelling, event, attempt.history.left > 0)) attempt.writer.emit(event);
    },
    use: (more) => addUsage(usage, more),
  };
}

/* A branch that the story leaves behind may fail when nobody awaits it; that must not end the process. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function sleep(attempt: Attempt, name: string, ms: number): Promise<void> {
  await wait(attempt, 'sleep', name, { deadline: performance.now() + ms, signalName: null });
}

async function signal<Payload extends ZodType>(
  attempt: Attempt,
  name: string,
  payload: Payload,
  { timeoutMs, ask }: SignalOptions,
): Promise<z.infer<Payload> | undefined> {
  const deadline = timeoutMs === undefined ? null : performance.now() + timeoutMs;
  const accepts = (sent: unknown) => payload.safeParse(sent).success;
  const output = (await wait(attempt, 'signal', name, {
    deadline,
    signalName: name,
    accepts,
    ask,
  })) as SignalOutput;
  return 'timedOut' in output ? undefined : payload.parse(output.payload);
}

async function askPerson(
  attempt: Attempt,
  name: string,
  ask: Ask,
  { timeoutMs }: { readonly timeoutMs?: number | undefined },
): Promise<GivenAnswer | undefined> {
  const deadline = timeoutMs === undefined ? null : performance.now() + timeoutMs;
  const accepts = (sent: unknown) => answerPayloadSchema.safeParse(sent).success;
  const fresh = { deadline, signalName: name, accepts, ask };
  const output = (await wait(attempt, 'signal', name, fresh)) as SignalOutput;
  return 'timedOut' in output ? undefined : output.given;
}

async function wait(
  attempt: Attempt,
  kind: 'sleep' | 'signal',
  name: string,
  fresh: Pick<Wait, 'deadline' | 'signalName' | 'accepts' | 'ask'>,
): Promise<unknown> {
  const key = attempt.history.next(name);
  const recorded = attempt.history.take(key, kind);
  if (recorded && recorded.status !== 'waiting') return recorded.output;
  if (fresh.ask) attempt.asked = true;
  if (!recorded) await whileActive(attempt, () => assertHistoryUsed(attempt, key));
  const position = () => attempt.history.nextPosition();
  return untilAnswered(attempt, {
    ...waitFrom(key, recorded, { kind, position, ...fresh }),
    ...(fresh.accepts ? { accepts: fresh.accepts } : {}),
    ask: fresh.ask,
    childId: null,
  });
}

function untilAnswered(attempt: Attempt, wait: Omit<Wait, 'resolve' | 'reject'>): Promise<unknown> {
  assertGoing(attempt);
  return new Promise((resolve, reject) => {
    attempt.waits.push({ ...wait, resolve, reject });
    attempt.rest();
  });
}

async function runChild(
  db: Database,
  attempt: Attempt,
  name: string,
  capabilityNamed: (name: string) => Capability,
  capability: string,
  input: unknown,
): Promise<ChildResult> {
  const key = attempt.history.next(name);
  const recorded = attempt.history.take(key, 'child');
  if (recorded && recorded.status !== 'waiting') return recorded.output as ChildResult;
  const position = () => attempt.history.nextPosition();
  const open = waitFrom(key, recorded, { kind: 'child', position, deadline: null, signalName: null });
  let childId = recorded?.child_id ?? undefined;
  while (childId === undefined) {
    await passGate(attempt);
    childId = await whileActive(attempt, async () => {
      await assertHistoryUsed(attempt, key);
      assertGoing(attempt);
      await attempt.writer.recorded();
      if (attempt.gate.closed) return undefined;
      return startChild(db, attempt, key, open, capabilityNamed(capability), input);
    });
  }
  return (await untilAnswered(attempt, { ...open, childId })) as ChildResult;
}

/** The child and the record of it come into being together, under the run's lock, so that its owner starts it once. */
async function startChild(
  db: Database,
  attempt: Attempt,
  key: StepKey,
  open: Omit<Wait, 'resolve' | 'reject' | 'childId'>,
  capability: Capability,
  input: unknown,
): Promise<string> {
  const { row } = attempt;
  const childId = newId();
  await db.transaction(async (tx) => {
    await lockOwned(tx, row);
    await insertRun(
      tx,
      capability,
      {
        capability: capability.name,
        input,
        trigger: { kind: 'run', runId: row.id },
        userId: row.user_id,
        priority: toRun(row).priority,
      },
      { maxQueued: 0, id: childId, parentId: row.id },
    );
    await saveWait(tx, row.id, { ...open, childId });
  });
  attempt.writer.emit({
    type: 'child.started',
    data: { step: key.name, ordinal: key.ordinal, runId: childId, capability: capability.name },
  });
  return childId;
}

function addUsage(total: Usage, more: Usage): void {
  for (const name of ['wallMs', 'cpuMs', 'tokens', 'usd'] as const) {
    const added = more[name];
    if (added !== undefined) total[name] = (total[name] ?? 0) + added;
  }
  if (more.peakMemoryBytes !== undefined)
    total.peakMemoryBytes = Math.max(total.peakMemoryBytes ?? 0, more.peakMemoryBytes);
}
