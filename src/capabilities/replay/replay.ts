import { isTerminal } from '../../contract/run-status.ts';
import type { Ask } from '../../contract/question.ts';
import type { RunContext } from '../../kernel/context.ts';
import { choose, countBy, type Chosen } from './choose.ts';
import { asksAbove, controlSchema, type Refusal, type ReplayInput, type ReplayOutput } from './schema.ts';
import { startBatch } from './start-batch.ts';

/** What has been done so far. */
interface Progress {
  next: number;
  readonly runs: { readonly from: string; readonly to: string }[];
  readonly refusals: Refusal[];
  /** With `wait`: those that have ended, and how. */
  readonly ended: Map<string, string>;
}

type Gate = 'go' | 'stop';

const mostNamed = 1000;
const tickMs = 5000;
const fullPauseMs = 5000;
const retry = { attempts: 5, delayMs: 500 };

/**
 * The story: find the runs, ask when there are more than a few, then start them in recorded batches at the given rate.
 * Between batches it sleeps and hears `control`: pause, resume, stop.
 */
export async function replay(ctx: RunContext, input: ReplayInput): Promise<ReplayOutput> {
  ctx.emit({ type: 'progress', data: { phase: 'Choosing' } });
  const chosen = await ctx.step('choose', () => choose(ctx.runs, input.filter), { retry });
  const progress: Progress = { next: 0, runs: [], refusals: [...chosen.refusals], ended: new Map() };
  if (input.dryRun) return result(chosen, progress, input, false);
  if (!(await isAgreed(ctx, input, chosen))) return result(chosen, progress, input, true);
  const stopped = (await startAll(ctx, input, chosen, progress)) === 'stop';
  if (input.wait && !stopped) {
    const gate = await awaitAll(ctx, progress);
    return result(chosen, progress, input, gate === 'stop');
  }
  return result(chosen, progress, input, stopped);
}

/** Whoever has seen a dry run of as many has agreed already. */
async function isAgreed(ctx: RunContext, { expected }: ReplayInput, { ids }: Chosen): Promise<boolean> {
  if (ids.length <= Math.max(asksAbove, expected ?? 0)) return true;
  ctx.emit({ type: 'progress', data: { phase: 'Asking' } });
  const given = await ctx.ask('confirm', question(ids.length));
  return given?.value === 'start';
}

function question(count: number): Ask {
  return {
    title: `Start ${count} runs again?`,
    text: 'Each becomes a new run with the same input. What the earlier ones did stays as it is.',
    facts: [{ label: 'Runs', value: String(count) }],
    answers: [
      { value: 'start', label: `Start ${count} runs`, tone: 'go' },
      { value: 'stop', label: 'Start none', tone: 'refuse' },
    ],
  };
}

async function startAll(
  ctx: RunContext,
  input: ReplayInput,
  { ids }: Chosen,
  progress: Progress,
): Promise<Gate> {
  const total = ids.length;
  const size = Math.min(100, Math.max(1, Math.floor((input.ratePerMinute * tickMs) / 60_000)));
  ctx.emit({ type: 'progress', data: { phase: 'Starting', message: `0 of ${total}` } });
  while (progress.next < total) {
    const room = input.wait ? input.atOnce - underWay(progress).length : size;
    const batch = ids.slice(progress.next, progress.next + Math.min(size, room));
    const { taken, runs, refusals } = await ctx.step(
      'start',
      async (step) => {
        const done = await startBatch(ctx.runs, ctx.run.id, batch, step);
        const message = `${progress.next + done.taken} of ${total}`;
        step.emit({ type: 'progress', data: { phase: 'Starting', message } });
        return done;
      },
      { retry },
    );
    progress.next += taken;
    progress.runs.push(...runs);
    progress.refusals.push(...refusals);
    if (progress.next >= total) break;
    const pauseMs =
      taken < batch.length || taken === 0 ? fullPauseMs : (taken * 60_000) / input.ratePerMinute;
    if ((await rest(ctx, pauseMs, total, progress)) === 'stop') return 'stop';
    if (input.wait) await look(ctx, progress);
  }
  return 'go';
}

/** Lets time go by, or stands still while somebody has paused it. */
async function rest(ctx: RunContext, ms: number, total: number, { next }: Progress): Promise<Gate> {
  const word = await ctx.signal('control', controlSchema, { timeoutMs: ms });
  if (word?.act === 'stop') return 'stop';
  if (word?.act !== 'pause') return 'go';
  ctx.emit({ type: 'progress', data: { phase: 'Paused', message: `${next} of ${total}` } });
  for (;;) {
    const answer = await ctx.signal('control', controlSchema);
    if (answer?.act === 'stop') return 'stop';
    if (answer?.act === 'resume') break;
  }
  ctx.emit({ type: 'progress', data: { phase: 'Starting', message: `${next} of ${total}` } });
  return 'go';
}

function underWay({ runs, ended }: Progress): string[] {
  return runs.flatMap(({ to }) => (ended.has(to) ? [] : [to]));
}

/** Looks which of the started runs have ended; one that was deleted since counts as ended too. */
async function look(ctx: RunContext, progress: Progress): Promise<void> {
  const open = underWay(progress);
  if (open.length === 0) return;
  const ended = await ctx.step(
    'look',
    async () => {
      const found = await ctx.runs.find(open);
      const going = new Set(found.flatMap(({ id, status }) => (isTerminal(status) ? [] : [id])));
      const status = new Map(found.map((run) => [run.id, run.status as string]));
      return open.filter((id) => !going.has(id)).map((id) => [id, status.get(id) ?? 'deleted'] as const);
    },
    { retry },
  );
  for (const [id, status] of ended) progress.ended.set(id, status);
}

async function awaitAll(ctx: RunContext, progress: Progress): Promise<Gate> {
  const total = progress.runs.length;
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 30_000)) {
    await look(ctx, progress);
    ctx.emit({
      type: 'progress',
      data: { phase: 'Waiting', message: `${progress.ended.size} of ${total} ended` },
    });
    if (progress.ended.size >= total) return 'go';
    if ((await rest(ctx, pauseMs, total, progress)) === 'stop') return 'stop';
  }
}

function result(
  { about, skipped }: Chosen,
  { runs, refusals, ended }: Progress,
  { dryRun, wait }: ReplayInput,
  stopped: boolean,
): ReplayOutput {
  return {
    ...about,
    dryRun,
    stopped,
    started: runs.length,
    skipped,
    refused: refusals.length,
    runs: runs.slice(0, mostNamed),
    refusals: refusals.slice(0, mostNamed),
    ended: wait && !dryRun ? countBy([...ended.values()], (status) => status) : null,
  };
}
