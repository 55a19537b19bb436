import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxTree } from '../src/resources/ports/sandbox.ts';
import { createBubblewrapDriver } from '../src/drivers/sandboxes/bubblewrap/driver.ts';
import { openTrial, type Trial } from '../src/drivers/sandboxes/trial.ts';
import { timeBareProcess } from './bare-process.ts';
import { type Figure, summarise } from './figure.ts';

const SAMPLES = 40;
const PAUSE_MS = 60;
const TARGET_MS = 40;
const MARK_TARGET_MS = 2;
const limits = { diskBytes: 1024 ** 3, inodes: 100_000 };

/** From asking for a workspace on saved layers to the end of its first program, beside the program alone; and marking it. */
export async function measureTrees(effort: number): Promise<Figure[]> {
  const trial = openTrial(createBubblewrapDriver, { diskBytes: 4 * 1024 ** 3 });
  const kinds = (['memory', 'storage'] as const).flatMap((disk) =>
    [0, 1, 2].map((count) => ({ disk, count, first: [] as number[], mark: [] as number[] })),
  );
  const bare: number[] = [];
  try {
    for (const disk of ['memory', 'storage'] as const) {
      await saveLayer(trial, disk, []);
      await saveLayer(trial, disk, layersOf(disk, 1));
    }
    for (let round = -2; round < Math.max(4, Math.round(SAMPLES * effort)); round += 1) {
      const alone = await timeBareProcess('/usr/bin/true', []);
      if (round >= 0) bare.push(alone);
      for (const { disk, count, first, mark } of kinds) {
        const timed = await timeWorkspace(trial, disk, layersOf(disk, count));
        if (round >= 0) {
          first.push(timed.first);
          mark.push(timed.mark);
        }
        await delay(PAUSE_MS);
      }
    }
    const baseline = { name: 'true', summary: summarise(bare) };
    return kinds.flatMap(({ disk, count, first, mark }) => [
      figure(`workspace: ${disk}, ${count} layers, first program`, first, baseline, TARGET_MS),
      ...(count === 2
        ? [figure(`workspace: ${disk}, mark after 3 changes`, mark, null, MARK_TARGET_MS)]
        : []),
    ]);
  } finally {
    await trial.close();
  }
}

function figure(name: string, values: readonly number[], baseline: Figure['baseline'], most: number): Figure {
  const measured = summarise(values);
  const compared = `${measured.median.toFixed(2)} ms`;
  return {
    name,
    unit: 'ms',
    measured,
    baseline,
    compared,
    target: `<= ${most} ms`,
    reached: measured.median <= most,
  };
}

function layersOf(disk: SandboxTree['disk'], count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${disk} ${index}`);
}

/** A thousand small files. */
async function saveLayer(trial: Trial, disk: SandboxTree['disk'], below: readonly string[]): Promise<void> {
  const box = await trial.onTree(below, { disk, limits });
  const script = `mkdir d${below.length}; i=0; while [ $i -lt 1000 ]; do echo $i > d${below.length}/$i; i=$((i+1)); done`;
  const { exit } = await box.exec({ argv: ['sh', '-c', script] });
  if (exit.kind !== 'exited' || exit.code !== 0)
    throw new Error(`The layer was not made: ${JSON.stringify(exit)}`);
  await box.save(`${disk} ${below.length}`);
  await box.destroy();
}

async function timeWorkspace(
  trial: Trial,
  disk: SandboxTree['disk'],
  layers: readonly string[],
): Promise<{ first: number; mark: number }> {
  const begun = performance.now();
  const box = await trial.onTree(layers, { disk, limits });
  await box.exec({ argv: ['true'] });
  const first = performance.now() - begun;
  await box.exec({ argv: ['sh', '-c', 'mkdir -p new; echo 1 > new/a; echo 2 > b; echo 3 > c'] });
  const marking = performance.now();
  await box.mark();
  const mark = performance.now() - marking;
  await box.destroy();
  return { first, mark };
}
