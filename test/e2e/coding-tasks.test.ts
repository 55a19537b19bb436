import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { solve, type Call } from '../../bench/coding/solve.ts';
import { readTasks } from '../../bench/coding/task.ts';
import { withServer } from '../support/gantry-up.ts';
import { send } from '../support/with-api.ts';

const directory = mkdtempSync(join(tmpdir(), 'gantry-tasks-'));
chmodSync(directory, 0o755);
after(() => rmSync(directory, { recursive: true }));
const { server, json } = withServer({ GANTRY_REPOSITORY_PATHS: directory });

test('sessions solve ten tasks of Python and TypeScript by tests that they never see', async () => {
  const { key } = await json<{ key: string }>('keys', 'create', '--name', 'tasks', '--role', 'admin');
  const call: Call = async <Answer>(method: 'GET' | 'POST', path: string, body?: unknown) => {
    const url = `${server().url}/api/v1${path}`;
    const { status, body: answer } = await send(url, method, body, { authorization: `Bearer ${key}` });
    assert.ok(status < 300, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as Answer;
  };
  const tasks = readTasks(fileURLToPath(new URL('../../examples/coding-tasks', import.meta.url)));
  assert.ok(tasks.length >= 10, `there are ${tasks.length} tasks`);
  // Two at a time, so that sessions stand beside each other.
  const waiting = [...tasks];
  const work = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      const result = await solve(call, task, { model: 'scripted', whole: false, directory });
      assert.ok(result.failedBefore, `the hidden tests of ${task.name} pass without any change`);
      assert.ok(result.solved, `${task.name}: ${result.outcome}`);
      assert.deepEqual([result.turns, result.tries], [4, 1], task.name);
    }
  };
  await Promise.all([work(), work()]);
});
