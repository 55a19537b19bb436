import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { timeBareProcess } from './bare-process.ts';
import { type Figure, summarise } from './figure.ts';
import { end, makeDataDir, ready } from './gantry-process.ts';

const launcher = fileURLToPath(new URL('../gantry', import.meta.url));
const root = new URL('../', import.meta.url);
const samples = 10;

/** The launcher installs the packages again when the lockfile has changed: not now, with the bench running on them. */
function assertInstalled(): void {
  const stamp = new URL('node_modules/.gantry-installed', root);
  const lock = execFileSync('cksum', {
    input: readFileSync(new URL('package-lock.json', root)),
    encoding: 'utf8',
  });
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    throw new Error(
      'The packages are not those of the lockfile. Run ./gantry --version once, then the bench.',
    );
  }
}

/** `./gantry up` to its ready line, on a data directory that an earlier start has made. */
export async function measureStartup(effort: number): Promise<Figure[]> {
  assertInstalled();
  const dataDir = await makeDataDir();
  const times: number[] = [];
  const bare: number[] = [];
  try {
    for (let sample = -1; sample < samples * effort; sample += 1) {
      const node = await timeBareProcess(process.execPath, ['-e', '0']);
      const begun = performance.now();
      const child = spawn(launcher, ['up'], {
        env: { ...process.env, GANTRY_DATA_DIR: dataDir, GANTRY_PORT: '0' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      await ready(child, /^ready (\S+)/);
      const time = performance.now() - begun;
      await end(child);
      if (sample < 0) continue;
      times.push(time);
      bare.push(node);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  const measured = summarise(times);
  return [
    {
      name: 'second ./gantry up to ready',
      unit: 'ms',
      measured,
      baseline: { name: 'start of Node', summary: summarise(bare) },
      compared: `${(measured.median / 1000).toFixed(2)} s`,
      target: '<= 3 s',
      reached: measured.median <= 3000,
    },
  ];
}
