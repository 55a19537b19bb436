import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openResources } from '../../../test/support/executions.ts';
import { until } from '../../../test/support/until.ts';
import { send, withApi, type TestApi, type TestUser } from '../../../test/support/with-api.ts';
import { finished } from '../../../test/support/with-kernel.ts';
import { createExecution } from './index.ts';

const path = '/api/v1/executions';

function python(content: string, more: object = {}): object {
  return { language: 'python', files: [{ name: 'main.py', content }], ...more };
}

async function withServer(
  test: (api: TestApi, member: TestUser) => Promise<void>,
  settings: { maxQueued?: number; works?: boolean } = {},
): Promise<void> {
  const resources = await openResources({ count: 0, languages: [] });
  try {
    const module = createExecution(resources);
    await module.prepare();
    const { works = true, ...limits } = settings;
    await withApi({ capabilities: [module.capability], routes: module.routes, ...limits }, async (api) => {
      if (works) await api.work();
      await test(api, await api.join('member'));
    });
  } finally {
    await resources.close();
  }
}

test('wait=true answers the finished run, with what came of the program', async () => {
  await withServer(async (_, member) => {
    const { status, headers, body } = await member.send(
      'POST',
      `${path}?wait=true`,
      python('print("hi"); exit(3)', { args: ['x'] }),
    );
    assert.equal(status, 200);
    assert.equal(headers.get('location'), `/api/v1/runs/${body.id}`);
    assert.partialDeepStrictEqual(body, {
      capability: 'execution',
      title: 'python main.py',
      status: 'succeeded',
      userId: member.id,
    });
    assert.deepEqual(Object.keys(body.output), [
      'outcome',
      'exitCode',
      'signal',
      'stdout',
      'stderr',
      'wallMs',
      'cpuMs',
      'peakMemoryBytes',
      'truncated',
      'language',
      'version',
      'warm',
      'compile',
      'files',
      'skipped',
      'skippedMore',
    ]);
    assert.partialDeepStrictEqual(body.output, {
      outcome: 'failed',
      exitCode: 3,
      signal: null,
      stdout: 'hi\n',
      stderr: '',
      truncated: false,
    });
  });
});

test('without wait the answer is the queued run and where to follow it', async () => {
  await withServer(async (api, member) => {
    const { status, headers, body } = await member.send('POST', `${path}?priority=high`, python('print(1)'));
    assert.deepEqual([status, body.status, body.output, body.priority], [202, 'queued', null, 'high']);
    assert.equal(headers.get('location'), `/api/v1/runs/${body.id}`);
    assert.equal((await finished(api.kernel, body.id)).status, 'succeeded');
  });
});

test('a client that stops waiting does not stop the run', async () => {
  await withServer(async (api, member) => {
    const client = new AbortController();
    const waiting = fetch(`${api.address}${path}?wait=true`, {
      method: 'POST',
      signal: client.signal,
      headers: { authorization: `Bearer ${member.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(python('import time\nprint("on", flush=True)\ntime.sleep(.5)\nprint("done")')),
    });
    const [run] = await until(
      async () => (await api.kernel.list({ status: 'running', limit: 1 })).items.length > 0,
    ).then(async () => (await api.kernel.list({ limit: 1 })).items);
    client.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    const ended = await finished(api.kernel, run?.id ?? '');
    assert.partialDeepStrictEqual(ended, { status: 'succeeded', output: { stdout: 'on\ndone\n' } });
  });
});

test('bad input is a clear problem and leaves no run behind', async () => {
  await withServer(async (api, member) => {
    const file = (name: string, content = '', encoding?: string) =>
      python('', { files: [{ name, content, encoding }] });
    const cases: [input: unknown, status: number, code: string, place?: string][] = [
      [python('', { language: 'cobol' }), 422, 'LANGUAGE_UNKNOWN'],
      [python('', { version: '2' }), 422, 'LANGUAGE_UNKNOWN'],
      [python('', { language: 7 }), 400, 'INPUT_INVALID', 'language'],
      [file('../x'), 400, 'INPUT_INVALID', 'files[0].name'],
      [file('/etc/x'), 400, 'INPUT_INVALID', 'files[0].name'],
      [file('a\0'), 400, 'INPUT_INVALID', 'files[0].name'],
      [file('a', '*', 'base64'), 400, 'INPUT_INVALID', 'files[0].content'],
      [file('a', '\ud800'), 400, 'INPUT_INVALID', 'files[0].content'],
      [
        python('', {
          files: Array.from({ length: 1000 }, (_, index) => ({ name: `${index}`, content: '' })),
        }),
        400,
        'INPUT_INVALID',
        'files',
      ],
      [python('', { limits: { wallMs: -1 } }), 400, 'INPUT_INVALID', 'limits.wallMs'],
      [python('', { limits: { memoryBytes: 1e15 } }), 400, 'INPUT_INVALID', 'limits.memoryBytes'],
      [python('', { colour: 'red' }), 400, 'INPUT_INVALID', 'colour'],
      [[], 400, 'INPUT_INVALID'],
      [python('x'.repeat(70_000)), 413, 'BODY_TOO_LARGE'],
    ];
    for (const [input, status, code, place] of cases) {
      const { body } = await member.send('POST', `${path}?wait=true`, input);
      assert.deepEqual([body.status, body.code], [status, code], JSON.stringify(body));
      if (place !== undefined)
        assert.deepEqual(
          body.problems.map((problem: { path: string }) => problem.path),
          [place],
        );
      assert.ok(body.detail.length > 10);
    }
    assert.equal((await member.send('POST', `${path}?wait=maybe`, python(''))).status, 400);
    assert.deepEqual((await api.kernel.list({ limit: 1 })).items, []);
  });
});

test('one idempotency key starts one run, and another body with it is refused', async () => {
  await withServer(async (_, member) => {
    const headers = { 'idempotency-key': 'once' };
    const first = await member.send('POST', `${path}?wait=true`, python('print(1)'), headers);
    const again = await member.send('POST', `${path}?wait=true`, python('print(1)'), headers);
    assert.deepEqual([again.status, again.body.id, again.body.output.stdout], [200, first.body.id, '1\n']);
    const other = await member.send('POST', path, python('print(2)'), headers);
    assert.deepEqual([other.status, other.body.code], [409, 'IDEMPOTENCY_MISMATCH']);
  });
});

test('a full queue refuses one more', async () => {
  await withServer(
    async (_, member) => {
      assert.equal((await member.send('POST', path, python(''))).status, 202);
      const refused = await member.send('POST', path, python(''));
      assert.deepEqual([refused.status, refused.body.code], [503, 'QUEUE_FULL']);
    },
    { maxQueued: 1, works: false },
  );
});

test('viewers list languages but run nothing, strangers do neither', async () => {
  await withServer(async (api) => {
    const viewer = await api.join('viewer');
    const { status, body } = await viewer.send('GET', '/api/v1/languages');
    assert.equal(status, 200);
    const python = body.items.find((language: { name: string }) => language.name === 'python');
    assert.partialDeepStrictEqual(python, {
      name: 'python',
      aliases: ['py', 'python3'],
      compiled: false,
      warm: false,
    });
    assert.match(python.versions[0], /^3\.\d+\.\d+$/);
    assert.equal((await viewer.send('POST', path, {})).status, 403);
    assert.equal((await send(`${api.address}/api/v1/languages`)).status, 401);
  });
});
