import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { spawnAgentWorker } from '../../test/support/agent-worker.ts';
import { withAgents } from '../../test/support/agents.ts';
import { killHard } from '../../test/support/worker-process.ts';
import { sandboxDrivers } from '../../src/drivers/sandboxes/index.ts';
import { createLogger } from '../base/logger.ts';

test('a worker is killed in mid call and its machine lost: another ends the run with the same files, and pays nothing twice', () =>
  withAgents({ 'a.txt': 'one\n' }, { idle: true }, async ({ start, ended, kernel, repositoryUrl }) => {
    const run = (command: string) => ({ calls: [{ tool: 'run', input: { command } }] });
    const first = await spawnAgentWorker(kernel.url, repositoryUrl);
    const id = await start({
      turns: [
        { calls: [{ tool: 'write', input: { path: 'b.txt', content: 'two\n' } }] },
        run('echo three >> a.txt; echo kept > .hidden'),
        run('echo half >> a.txt; echo at work; sleep 2; echo whole >> a.txt'),
        { ...run('cat a.txt b.txt .hidden'), when: 'exit code 0' },
        { when: { matches: 'one\\nthree\\nhalf\\nwhole\\ntwo\\nkept\\n' }, text: 'Done.' },
      ],
    });
    const events = kernel.kernel.follow(id, 0, AbortSignal.timeout(30_000));
    for await (const event of events)
      if (event.type === 'output' && event.data.text.includes('at work')) break;
    await killHard(first.child);
    // As if the machine were gone: its processes and all its files.
    const left = sandboxDrivers.bubblewrap({
      ...{ dataDir: first.dataDir, require: [], allowUnsafe: false, diskBytes: 2 ** 30 },
      logger: createLogger('silent'),
    });
    await left.recover();
    await left.close();
    await rm(first.dataDir, { recursive: true, force: true });
    const second = await spawnAgentWorker(kernel.url, repositoryUrl);
    try {
      assert.equal((await ended(id)).text, 'Done.');
    } finally {
      second.child.kill('SIGTERM');
      await once(second.child, 'exit');
    }
    const paid = await kernel.db.query(
      `SELECT step, ordinal, count(*)::int AS calls FROM model_calls WHERE run_id = $1 GROUP BY 1, 2 ORDER BY 2`,
      [id],
    );
    assert.deepEqual(
      paid,
      [0, 1, 2, 3, 4].map((ordinal) => ({ step: 'model', ordinal, calls: 1 })),
    );
    const workers = (await kernel.kernel.events(id, 0, 1000)).filter(({ type }) => type === 'run.started');
    assert.equal(workers.length, 2);
  }));
