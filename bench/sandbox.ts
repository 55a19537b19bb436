import { setTimeout as delay } from 'node:timers/promises';
import { createBubblewrapDriver } from '../src/drivers/sandboxes/bubblewrap/driver.ts';
import { openTrial, trialLimits, type Trial } from '../src/drivers/sandboxes/trial.ts';
import { timeBareProcess } from './bare-process.ts';
import { type Figure, ratio, type Summary, summarise } from './figure.ts';

const SAMPLES = 80;
/** After each sample, so that the replacement of a used sandbox isn't measured with the next one. */
const PAUSE_MS = 25;
const PYTHON = ['python3', '-c', 'print(1)'] as const;

const boot = {
  key: 'python',
  argv: [
    'python3',
    '-c',
    "import os\nos.write(4, b'.')\ncode = b''\nwhile part := os.read(3, 65536): code += part\nexec(code)",
  ],
  env: {},
  mounts: [],
  limits: trialLimits,
};

type Name =
  | 'bareTrue'
  | 'readyTrue'
  | 'coldTrue'
  | 'barePython'
  | 'readyPython'
  | 'coldPython'
  | 'warmPython';

/** From asking for a sandbox to the end of its program, every limit on, beside the same program without one. */
export async function measureSandbox(effort: number): Promise<Figure[]> {
  const ready = openTrial(createBubblewrapDriver);
  const cold = openTrial((options) => createBubblewrapDriver({ ...options, standby: 0 }));
  try {
    await ready.driver.prewarm(boot, 2);
    const timed = await interleave(Math.max(8, Math.round(SAMPLES * effort)), {
      bareTrue: () => timeBareProcess('/usr/bin/true', []),
      readyTrue: () => timeProgram(ready, ['true']),
      coldTrue: () => timeProgram(cold, ['true']),
      barePython: () => timeBareProcess('/usr/bin/python3', PYTHON.slice(1)),
      readyPython: () => timeProgram(ready, PYTHON),
      coldPython: () => timeProgram(cold, PYTHON),
      warmPython: () => timeProgram(ready, PYTHON, 'python'),
    });
    return figuresOf(timed);
  } finally {
    await ready.close();
    await cold.close();
  }
}

function figuresOf(timed: Readonly<Record<Name, Summary>>): Figure[] {
  const { bareTrue, barePython } = timed;
  const more = (name: string, measured: Summary): Figure => {
    const extra = measured.median - bareTrue.median;
    return {
      name,
      unit: 'ms',
      measured,
      baseline: { name: 'true', summary: bareTrue },
      compared: `${extra < 0 ? '' : '+'}${extra.toFixed(2)} ms`,
      target: '<= 6 ms more',
      reached: extra <= 6,
    };
  };
  const times = (name: string, measured: Summary, most: number): Figure => ({
    name,
    unit: 'ms',
    measured,
    baseline: { name: 'python3', summary: barePython },
    ...ratio(measured, barePython, (value) => value <= most),
    target: `<= ${most}x`,
  });
  return [
    more('sandbox: true, one stands by', timed.readyTrue),
    more('sandbox: true, from nothing', timed.coldTrue),
    times('sandbox: python, one stands by', timed.readyPython, 1.5),
    times('sandbox: python, from nothing', timed.coldPython, 1.5),
    times('sandbox: python, interpreter parked', timed.warmPython, 1),
  ];
}

async function interleave(
  samples: number,
  work: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, Summary>> {
  const names = Object.keys(work) as Name[];
  const values = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -2; round < samples; round += 1) {
    for (const name of names) {
      const value = await work[name]();
      if (round >= 0) values.get(name)?.push(value);
      await delay(PAUSE_MS);
    }
  }
  const summaries = names.map((name) => [name, summarise(values.get(name) ?? [])]);
  return Object.fromEntries(summaries) as Record<Name, Summary>;
}

async function timeProgram(trial: Trial, argv: readonly string[], bootKey?: string): Promise<number> {
  const begun = performance.now();
  const sandbox = await trial.sandbox({}, bootKey);
  const payload = bootKey === undefined ? {} : { payload: Buffer.from('print(1)') };
  const { exit, warm } = await sandbox.exec({ argv, ...payload });
  const took = performance.now() - begun;
  await sandbox.destroy();
  if (exit.kind !== 'exited' || exit.code !== 0)
    throw new Error(`The program ended with ${JSON.stringify(exit)}`);
  // None was parked yet: not what is measured here.
  if (bootKey !== undefined && !warm) return timeProgram(trial, argv, bootKey);
  return took;
}
