import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { gantry } from '../support/command-line.ts';
import { gantryUp, gantryWorker, makeDataDir, stopGantry } from '../support/gantry-up.ts';
import { until } from '../support/until.ts';
import { send } from '../support/with-api.ts';

const program = (text: string) => ({ language: 'bash', files: [{ name: 'main.sh', content: text }] });

test('a worker in another process keeps to what is set over HTTP, without starting again', async () => {
  await using place = await makeDataDir();
  const { env } = place;
  const server = await gantryUp(env, ['server']);
  let worker: ChildProcess | undefined;
  try {
    worker = await gantryWorker(env);
    const made = await gantry(['keys', 'create', '--name', 'test', '--role', 'admin', '--json'], { env });
    const { key } = JSON.parse(made.stdout);
    const api = (method: string, path: string, body?: unknown) =>
      send(`${server.url}/api/v1${path}`, method, body, { authorization: `Bearer ${key}` });
    const version = async () => (await api('GET', '/settings')).body.version;
    const set = async (changes: object) => {
      const { status, body } = await api('PATCH', '/settings', { version: await version(), changes });
      assert.equal(status, 200, JSON.stringify(body));
    };
    const statusOf = async (id: string) => (await api('GET', `/runs/${id}`)).body.status;

    const running = await api('POST', '/executions', program('echo begun; sleep 3; echo done'));
    await until(async () => (await statusOf(running.body.id)) === 'running');
    await set({ intakePaused: true });
    const waiting = await api('POST', '/executions', program('echo late'));
    await until(async () => (await statusOf(running.body.id)) === 'succeeded');
    assert.equal(await statusOf(waiting.body.id), 'queued', 'what ran went on, and nothing new was begun');
    await set({ intakePaused: false });
    await until(async () => (await statusOf(waiting.body.id)) === 'succeeded');

    await set({ executionWallMs: 700, executionWallMsMost: 2000 });
    const short = await api('POST', '/executions?wait=true', program('sleep 30'));
    assert.equal(short.body.output.outcome, 'timeout');
    const beyond = await api('POST', '/executions', { ...program(':'), limits: { wallMs: 2001 } });
    assert.deepEqual([beyond.status, beyond.body.problems[0].path], [400, 'limits.wallMs']);

    const { body: me } = await api('GET', '/me');
    const limits = { requestsPerMinute: null, running: 0, queued: 1 };
    assert.equal((await api('PUT', `/users/${me.userId}/limits`, limits)).status, 200);
    const held = await api('POST', '/executions', program(':'));
    assert.equal(held.status, 202);
    const refused = await api('POST', '/executions', program(':'));
    assert.deepEqual([refused.status, refused.body.code], [503, 'QUEUE_FULL']);
    assert.match(refused.body.detail, /that is your limit/);
    assert.equal(await statusOf(held.body.id), 'queued');
    await api('PUT', `/users/${me.userId}/limits`, { ...limits, running: null, queued: null });
    await until(async () => (await statusOf(held.body.id)) === 'succeeded');
    await api('PUT', `/users/${me.userId}/limits`, { ...limits, requestsPerMinute: 100_000, running: null });
    assert.equal((await api('GET', '/runs')).headers.get('x-ratelimit-limit'), '100000');
  } finally {
    if (worker) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    await stopGantry(server);
  }
});
