import { z } from 'zod';
import { defineCapability } from '../src/kernel/capability.ts';
import { type Figure, summarise } from './figure.ts';
import { insertRow, withBenchKernel } from './kernel.ts';

const warmUp = 50;
const samples = 500;

/** One recorded step that does nothing, and beside each one a row inserted and committed on the same PostgreSQL. */
export async function measureSteps(effort: number): Promise<Figure[]> {
  const steps: number[] = [];
  const inserts: number[] = [];
  let insert: () => Promise<void> = async () => undefined;
  const stepping = defineCapability({
    name: 'stepping',
    input: z.strictObject({}),
    output: z.null(),
    title: () => 'steps',
    run: async (ctx) => {
      for (let sample = -warmUp; sample < samples * effort; sample += 1) {
        // A step is stored while the story goes on, and the next one waits for that: so the second of two shows the cost.
        await ctx.step('nothing', async () => sample);
        const step = await timed(() => ctx.step('nothing', async () => sample));
        const row = await timed(insert);
        if (sample < 0) continue;
        steps.push(step);
        inserts.push(row);
      }
      return null;
    },
  });
  await withBenchKernel([stepping], async (kernel, db) => {
    await db.query('CREATE TABLE bench_rows (id serial PRIMARY KEY, text text)');
    insert = () => insertRow(db);
    const { run } = await kernel.start({
      capability: 'stepping',
      input: {},
      trigger: { kind: 'system' },
      userId: null,
    });
    await kernel.finished(run.id, new AbortController().signal);
  });
  const measured = summarise(steps);
  return [
    {
      name: 'a recorded step',
      unit: 'ms',
      measured,
      baseline: { name: 'a committed row', summary: summarise(inserts) },
      compared: `${measured.median.toFixed(2)} ms`,
      target: '<= 2 ms',
      reached: measured.median <= 2,
    },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
