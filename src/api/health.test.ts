import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRaw, sendRaw } from '../../test/support/raw-http.ts';
import { adding } from '../../test/support/stories.ts';
import { send, withApi } from '../../test/support/with-api.ts';
import { GantryError } from '../base/errors.ts';
import { metrics } from '../base/metrics.ts';

test('health says what is in order, and names no internals of what is not', async () => {
  const checks = [
    { name: 'database', check: () => Promise.resolve() },
    {
      name: 'worker',
      check: () => Promise.reject(new GantryError('WORKER_LOST', 'no beat since 10:00 on 10.0.0.7')),
    },
  ];
  await withApi({ checks: checks.slice(0, 1) }, async ({ address }) => {
    for (const path of ['/health', '/health/ready', '/health/live']) {
      const { status, body } = await send(address + path);
      assert.deepEqual([status, body.status], [200, 'ok'], path);
    }
    const { body } = await send(`${address}/health`);
    assert.deepEqual(body.checks, { serving: { ok: true }, database: { ok: true } });
  });
  await withApi({ checks }, async ({ address }) => {
    const { status, body } = await send(`${address}/health/ready`);
    assert.deepEqual([status, body.status], [503, 'failing']);
    assert.deepEqual(body.checks.worker, { ok: false, problem: 'The worker lost the run' });
    assert.equal((await send(`${address}/health/live`)).status, 200);
  });
});

test('metrics are for this machine and for who brings a key, and hold what happened', () =>
  withApi({ capabilities: [adding] }, async ({ address, join }) => {
    const viewer = await join('viewer');
    metrics.runFinished('adding', 'succeeded', 0.2);
    metrics.runClaimed(0.01);
    await viewer.send('GET', '/api/v1/runs/x');
    const { status, headers, body } = await send(`${address}/metrics`);
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=/);
    for (const line of [
      /^gantry_runs_total\{capability="adding",status="succeeded"\} 1$/m,
      /^gantry_run_duration_seconds_count\{capability="adding",status="succeeded"\} 1$/m,
      /^gantry_queue_depth 1$/m,
      /^gantry_queue_wait_seconds_count 1$/m,
      /^gantry_worker_slots\{state="busy"\} 1$/m,
      /^gantry_worker_slots\{state="free"\} 3$/m,
      /^gantry_sandbox_starts_total 1$/m,
      /^gantry_sandbox_pool_hits_total\{result="hit"\} 1$/m,
      /^gantry_dead_letters 0$/m,
      /^gantry_database_pool\{state="idle"\} 1$/m,
      /^gantry_http_requests_total\{method="GET",route="\/api\/v1\/runs\/:id",status="404"\} 1$/m,
      /^process_resident_memory_bytes \d+$/m,
    ]) {
      assert.match(body, line);
    }
    const forwarded = { 'x-forwarded-for': '203.0.113.5' };
    assert.equal((await send(`${address}/metrics`, 'GET', undefined, forwarded)).status, 401);
    assert.equal((await viewer.send('GET', '/metrics', undefined, forwarded)).status, 200);
    const { port } = new URL(address);
    const renamed = await sendRaw(
      address,
      `GET /metrics HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`,
    );
    assert.equal(readRaw(renamed).status, 401);
  }));

test('the start page and the list of errors run no scripts', () =>
  withApi({}, async ({ address }) => {
    for (const path of ['/', '/docs/errors']) {
      const { status, headers, body } = await send(address + path);
      assert.equal(status, 200);
      assert.match(headers.get('content-type') ?? '', /^text\/html/);
      assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe|script-src/);
      assert.doesNotMatch(body, /<script|style="/);
    }
    assert.match((await send(`${address}/docs/errors`)).body, /id="QUEUE_FULL"/);
  }));
