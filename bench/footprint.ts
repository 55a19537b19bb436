import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { execute } from './client.ts';
import { type Figure, summarise } from './figure.ts';
import { end, startGantry } from './gantry-process.ts';

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

/** A process and all below it. */
function familyOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^PPid:\s*(\d+)/m.exec(read(`/proc/${name}/status`))?.[1];
    if (/^\d+$/.test(name) && parent) parents.set(Number(name), Number(parent));
  }
  const family = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (!family.has(parent) || family.has(pid)) continue;
      family.add(pid);
      grown = true;
    }
  }
  return [...family];
}

/** PostgreSQL, where it isn't a child of the server: by the process id that it keeps in its directory. */
function postgresOf(dataDir: string): number[] {
  const file = readdirSync(dataDir, { recursive: true }).find((name) =>
    String(name).endsWith('postmaster.pid'),
  );
  if (!file) throw new Error('PostgreSQL does not run below the data directory');
  return familyOf(Number(read(`${dataDir}/${String(file)}`).split('\n')[0]));
}

function megabytes(pids: readonly number[], field: 'Pss' | 'Rss'): number {
  const kilobytes = [...new Set(pids)].map((pid) =>
    Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  );
  return (kilobytes.reduce((sum, each) => sum + each, 0) / 1000) * 1.024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
