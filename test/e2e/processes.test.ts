import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { gantry } from '../support/command-line.ts';
import { gantryUp, gantryWorker, makeDataDir, stopGantry } from '../support/gantry-up.ts';
import { killHard } from '../support/worker-process.ts';

test('a server and its workers are separate processes: runs cross over, a cancel reaches the program, a killed worker’s run moves', async () => {
  await using place = await makeDataDir();
  const { env } = place;
  const server = await gantryUp(env, ['server']);
  const workers: ChildProcess[] = [];
  try {
    workers.push(await gantryWorker(env));
    const quick = await gantry(['exec', '-l', 'bash'], { env, stdin: 'echo across; exit 3' });
    assert.deepEqual(quick, { code: 3, stdout: 'across\n', stderr: '' });

    const cancelled = await gantry(['exec', '-l', 'bash'], {
      env,
      stdin: 'echo begun; sleep 60',
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    assert.deepEqual([cancelled.code, cancelled.stdout], [130, 'begun\n']);

    const killed = Promise.withResolvers<void>();
    const moved = gantry(['exec', '-l', 'bash'], {
      env,
      stdin: 'echo begun; sleep 1; echo done',
      onStart: (child) =>
        child.stdout?.once('data', () => killed.resolve(killHard(workers[0] ?? assert.fail()))),
    });
    await killed.promise;
    workers.push(await gantryWorker(env));
    const { code, stdout, stderr } = await moved;
    assert.deepEqual([code, stdout], [0, 'begun\nbegun\ndone\n']);
    assert.match(stderr, /The worker was lost; the program runs again from its start/);
  } finally {
    for (const worker of workers.slice(1)) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    await stopGantry(server);
  }
});
