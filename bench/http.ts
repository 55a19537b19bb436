import { setTimeout as pause } from 'node:timers/promises';
import { ratePerSecond, timeBareProcess } from './bare-process.ts';
import { execute } from './client.ts';
import { type Figure, ratio, summarise } from './figure.ts';
import { type GantryProcess, startGantry } from './gantry-process.ts';

const program = `print('hello')`;
const bare = () => timeBareProcess('python3', ['-c', program]);
const samples = 150;
const rounds = 7;
const roundMs = 3000;
/** Between two samples, so that a warm pool is full again: the figure is of a request that finds a parked sandbox. */
const refillMs = 120;

/** Python hello over HTTP, durable, answered when done: one client cold and warm, and eight at once. */
export async function measureHttp(effort: number): Promise<Figure[]> {
  const cold = await startGantry('up', { GANTRY_SANDBOX_WARM: '0' });
  try {
    const warm = await startGantry('up');
    try {
      return [...(await oneClient(cold, warm, samples * effort)), await eightClients(warm, rounds * effort)];
    } finally {
      await warm.stop();
    }
  } finally {
    await cold.stop();
  }
}

async function oneClient(cold: GantryProcess, warm: GantryProcess, count: number): Promise<Figure[]> {
  const times = { bare: [] as number[], cold: [] as number[], warm: [] as number[] };
  for (let sample = -10; sample < count; sample += 1) {
    const one = {
      bare: await bare(),
      cold: await timed(() => execute(cold, 'python', program)),
      warm: (await pause(refillMs), await timed(() => execute(warm, 'python', program))),
    };
    await pause(refillMs);
    if (sample < 0) continue;
    times.bare.push(one.bare);
    times.cold.push(one.cold);
    times.warm.push(one.warm);
  }
  const baseline = { name: 'python3', summary: summarise(times.bare) };
  const of = (pool: 'cold' | 'warm', most: number): Figure => {
    const measured = summarise(times[pool]);
    return {
      name: `Python hello over HTTP, durable, one client, ${pool}`,
      unit: 'ms',
      measured,
      baseline,
      ...ratio(measured, baseline.summary, (x) => x <= most),
      target: `<= ${most}x`,
    };
  };
  return [of('cold', 2), of('warm', 1)];
}

async function eightClients(server: GantryProcess, count: number): Promise<Figure> {
  const rates = { bare: [] as number[], http: [] as number[] };
  await ratePerSecond(8, 1000, () => execute(server, 'python', program));
  for (let round = 0; round < count; round += 1) {
    rates.bare.push(await ratePerSecond(2, roundMs, bare));
    rates.http.push(await ratePerSecond(8, roundMs, () => execute(server, 'python', program)));
  }
  const measured = summarise(rates.http);
  const baseline = { name: 'python3, two at a time', summary: summarise(rates.bare) };
  return {
    name: 'Python hello over HTTP, durable, 8 clients',
    unit: '/s',
    measured,
    baseline,
    ...ratio(measured, baseline.summary, (times) => times >= 0.5),
    target: '>= 0.5x',
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
