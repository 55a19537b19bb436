import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { execute } from './client.ts';
import { type Figure, summarise } from './figure.ts';
import { end, startGantry } from './gantry-process.ts';
import { familyOf, megabytes, postgresOf } from './processes.ts';

const settleMs = 5000;
const samples = 5;

/**
 * Memory of all in one at rest after some work: the server, its PostgreSQL, and the parked interpreters. PSS counts a
 * page that several processes share once, divided among them; the sum of the resident sizes counts it once for each.
 */
export async function measureFootprint(effort: number): Promise<Figure[]> {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
  const server = await startGantry('up');
  try {
    for (let run = 0; run < 20; run += 1) await execute(server, 'python', 'print(1)');
    const pss: number[] = [];
    const rss: number[] = [];
    const bare: number[] = [];
    for (let sample = 0; sample < samples * effort; sample += 1) {
      await pause(settleMs);
      const pids = [...familyOf(server.pid), ...postgresOf(server.dataDir)];
      pss.push(megabytes(pids, 'Pss'));
      rss.push(megabytes(pids, 'Rss'));
      bare.push(megabytes([node.pid ?? 0], 'Pss'));
    }
    const baseline = { name: 'an idle Node', summary: summarise(bare) };
    const measured = summarise(pss);
    return [
      {
        name: 'resident memory, idle, all in one (PSS)',
        unit: 'MB',
        measured,
        baseline,
        compared: `${measured.median.toFixed(0)} MB`,
        target: '<= 250 MB',
        reached: measured.median <= 250,
      },
      {
        name: 'the same, resident sizes summed (RSS)',
        unit: 'MB',
        measured: summarise(rss),
        baseline: null,
        compared: `${summarise(rss).median.toFixed(0)} MB`,
        target: 'told only',
        reached: null,
      },
    ];
  } finally {
    await server.stop();
    await end(node);
  }
}
