import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRipgrep } from '../src/base/ripgrep.ts';
import { startAgent, timesOf, type AgentTimes } from './agent-run.ts';
import { makeRepository } from './agent-repository.ts';
import { callsOf, makeBare, scriptOf, type Work } from './agent-script.ts';
import { cpuSeconds, limitOf, partsOf, underWatch, type Load } from './agent-load.ts';
import { finished } from './client.ts';
import { type Figure, summarise, type Summary } from './figure.ts';
import { type GantryProcess, startGantry } from './gantry-process.ts';
import { cpuOf } from './processes.ts';

const agents = 20;
const callsEach = 20;
const barePasses = 5;
const mostMs = { looks: 15, changes: 150 } as const;

/** Agents on a model that answers at once, on a repository each: one alone, then all together; beside the bare commands. */
export async function measureAgents(effort: number): Promise<Figure[]> {
  const place = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  const server = await startGantry('up', { GANTRY_WORKER_SLOTS: String(agents) });
  try {
    const repository = await makeRepository(place);
    const rgPath = await ensureRipgrep({ dataDir: place });
    const count = Math.max(4, Math.round(agents * effort));
    await ask(server, repository.bundle, 'looks', 1);
    const figures: Figure[] = [];
    for (const work of ['looks', 'changes'] as const) {
      const alone = [];
      for (let n = 0; n < Math.max(1, 5 * effort); n += 1)
        alone.push(...(await ask(server, repository.bundle, work, 1)));
      let together: AgentTimes[] = [];
      const load = await underWatch(server, async () => {
        together = await ask(server, repository.bundle, work, count);
      });
      const calls = callsOf(work, callsEach);
      const bare = await leastBare(() => makeBare(calls, repository.tree, rgPath));
      const begun = performance.now();
      const used = cpuOf(process.pid).ended;
      await Promise.all(Array.from({ length: count }, () => makeBare(calls, repository.tree, rgPath)));
      const bareRate = (count * callsEach * 1000) / (performance.now() - begun);
      const bareCpu = (1000 * (cpuOf(process.pid).ended - used)) / (count * callsEach);
      figures.push(...figuresOf(work, { alone, together, bare, bareRate, bareCpu, load }));
    }
    return figures;
  } finally {
    await server.stop();
    await rm(place, { recursive: true, force: true });
  }
}

async function ask(server: GantryProcess, bundle: Buffer, work: Work, count: number): Promise<AgentTimes[]> {
  const script = scriptOf(callsOf(work, callsEach));
  const started = Array.from({ length: count }, () => startAgent(server, bundle, script));
  const ids = await Promise.all(started);
  await Promise.all(ids.map((id) => finished(server, id)));
  return Promise.all(ids.map((id) => timesOf(server, id)));
}

/** The least that each call took without Gantry, so that what others do to the machine doesn't flatter the difference. */
async function leastBare(make: () => Promise<number[]>): Promise<number[]> {
  let least = await make();
  for (let pass = 1; pass < barePasses; pass += 1) {
    const times = await make();
    least = least.map((ms, n) => Math.min(ms, times[n] ?? ms));
  }
  return least;
}

interface Measured {
  readonly alone: readonly AgentTimes[];
  readonly together: readonly AgentTimes[];
  readonly bare: readonly number[];
  readonly bareRate: number;
  readonly bareCpu: number;
  readonly load: Load;
}

function figuresOf(work: Work, { alone, together, bare, bareRate, bareCpu, load }: Measured): Figure[] {
  const isOf = ({ checkpoints }: AgentTimes, n: number) => checkpoints[n] === (work === 'changes');
  const own = (runs: readonly AgentTimes[]) =>
    summarise(
      runs.flatMap((run) => run.calls.map((ms, n) => ms - (bare[n] ?? 0)).filter((_ms, n) => isOf(run, n))),
    );
  const name = `agents, ${work === 'looks' ? 'looking only' : 'changing files'}`;
  const kind = work === 'looks' ? 'nothing changed' : 'with a checkpoint';
  const baseline = { name: 'bare commands', summary: summarise(bare) };
  const calls = together.length * callsEach;
  const rate = calls / load.seconds;
  const { memory } = load;
  const ownAlone = own(alone);
  return [
    {
      ...told(`${name}: own time of a call, ${kind}, one agent`, ownAlone, 'ms'),
      ...{ baseline, target: `<= ${mostMs[work]} ms`, reached: ownAlone.median <= mostMs[work] },
    },
    told(`${name}: the same, ${together.length} agents`, own(together), 'ms'),
    told(`${name}: a model's turn, one agent`, summarise(alone.flatMap(({ turns }) => turns)), 'ms'),
    told(
      `${name}: the same, ${together.length} agents`,
      summarise(together.flatMap(({ turns }) => turns)),
      'ms',
    ),
    told(`${name}: to the first turn, one agent`, summarise(alone.map(({ first }) => first)), 'ms'),
    told(`${name}: the same, ${together.length} agents`, summarise(together.map(({ first }) => first)), 'ms'),
    {
      ...told(`${name}: calls a second, ${together.length} agents`, summarise([rate]), '1/s'),
      baseline: { name: 'bare commands', summary: summarise([bareRate]) },
      note: limitOf(load, cpus().length),
    },
    {
      ...told(`${name}: CPU of a call and its turn`, summarise([(1000 * cpuSeconds(load)) / calls]), 'ms'),
      baseline: { name: 'bare commands', summary: summarise([bareCpu]) },
      note: partsOf(load, calls),
    },
    told(`${name}: memory of the server, most`, summarise([memory.server]), 'MB'),
    told(`${name}: memory of PostgreSQL, most`, summarise([memory.postgres]), 'MB'),
    told(`${name}: memory of programs, most`, summarise([memory.sandboxes]), 'MB'),
  ];
}

function told(name: string, measured: Summary, unit: string): Figure {
  const compared = `${measured.median.toFixed(1)} ${unit}`;
  return { name, unit, measured, baseline: null, compared, target: 'told only', reached: null };
}
