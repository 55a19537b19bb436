import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { withApi, type TestApi, type TestUser } from '../../test/support/with-api.ts';
import { finished } from '../../test/support/with-kernel.ts';
import { defineCapability } from '../kernel/capability.ts';
import { createArtifacts, type Artifacts } from '../resources/artifacts.ts';
import { runFileRoutes } from './run-files.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const hostile = '<img src=x onerror=alert(1)>";\\é .html';

/** Leaves the files that it is told, by name, with their content in base64. */
const leaving = (artifacts: Artifacts) =>
  defineCapability({
    name: 'leaving',
    input: z.record(z.string(), z.string()),
    output: z.array(z.unknown()),
    title: () => 'leaves files',
    run: (ctx, input) =>
      ctx.step('leave', ({ owner }) => {
        async function* files() {
          for (const [name, content] of Object.entries(input))
            yield { name, content: Buffer.from(content, 'base64') };
        }
        return artifacts.save(owner, files());
      }),
  });

async function withFiles(
  files: Readonly<Record<string, Buffer>>,
  proof: (api: TestApi & { readonly owner: TestUser; readonly runId: string }) => Promise<void>,
) {
  let db: TestApi['db'] | undefined;
  const artifacts = createArtifacts(() => db);
  await withApi(
    { capabilities: [leaving(artifacts)], routes: (kernel) => runFileRoutes(kernel, artifacts) },
    async (api) => {
      db = api.db;
      await api.work();
      const owner = await api.join('member', 'owner');
      const input = Object.fromEntries(
        Object.entries(files).map(([name, data]) => [name, data.toString('base64')]),
      );
      const { run } = await api.kernel.start({
        capability: 'leaving',
        input,
        trigger: { kind: 'user', userId: owner.id },
        userId: owner.id,
      });
      assert.equal((await finished(api.kernel, run.id)).status, 'succeeded');
      await proof({ ...api, owner, runId: run.id });
    },
  );
}

const raw = (api: TestApi, user: TestUser, path: string) =>
  fetch(`${api.address}${path}`, { headers: { authorization: `Bearer ${user.key}` } });

test('files are listed and downloaded as inert attachments, whatever their names say', async () => {
  const page = Buffer.from('<script>alert(1)</script>');
  const files = { 'a/dot.png': png, [hostile]: page, 'x.svg': Buffer.from('<svg onload="alert(1)"/>') };
  await withFiles(files, async (api) => {
    const base = `/api/v1/runs/${api.runId}/files`;
    const { items } = (await api.owner.send('GET', base)).body;
    const types = items.map((item: { name: string; mediaType: string }) => [item.name, item.mediaType]);
    assert.deepEqual(types, [
      ['a/dot.png', 'image/png'],
      [hostile, 'text/plain'],
      ['x.svg', 'text/plain'],
    ]);
    for (const [index, data] of Object.values(files).entries())
      for (const view of ['', '?view=inline']) {
        const answer = await raw(api, api.owner, `${base}/${items[index].id}${view}`);
        assert.equal(answer.status, 200);
        assert.deepEqual(Buffer.from(await answer.arrayBuffer()), data);
        const header = (name: string) => answer.headers.get(name) ?? '';
        assert.equal(header('x-content-type-options'), 'nosniff');
        assert.equal(header('content-security-policy'), "default-src 'none'; sandbox");
        assert.equal(header('cross-origin-resource-policy'), 'same-origin');
        assert.match(header('content-type'), /^(image\/png|text\/plain; charset=utf-8)$/);
        assert.match(header('content-disposition'), view === '' ? /^attachment; / : /^inline; /);
        assert.match(
          header('content-disposition'),
          /; filename="[\w.-]+"; filename\*=UTF-8''[A-Za-z0-9%._~!-]+$/,
        );
      }
  });
});

test('what is neither an image nor text is never shown inline', async () => {
  await withFiles(
    { 'a.pdf': Buffer.from('%PDF-1.7 \u0000'), 'b.bin': Buffer.from([0, 1, 255]) },
    async (api) => {
      const base = `/api/v1/runs/${api.runId}/files`;
      for (const { id } of (await api.owner.send('GET', base)).body.items) {
        const answer = await raw(api, api.owner, `${base}/${id}?view=inline`);
        assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/);
        await answer.arrayBuffer();
      }
    },
  );
});

test('all files come as one archive that tar reads, in a folder, with names of any length', async () => {
  const long = `${'d'.repeat(200)}/${'é'.repeat(100)}.txt`;
  const files = { [long]: Buffer.from('long'), '-rf': Buffer.alloc(1_200_000, 7), empty: Buffer.alloc(0) };
  const place = mkdtempSync(join(tmpdir(), 'gantry-tar-'));
  try {
    await withFiles(files, async (api) => {
      const answer = await raw(api, api.owner, `/api/v1/runs/${api.runId}/files/archive`);
      assert.equal(answer.headers.get('content-type'), 'application/gzip');
      const input = Buffer.from(await answer.arrayBuffer());
      const done = spawnSync('tar', ['-xzf', '-', '-C', place], { input });
      assert.equal(done.status, 0, done.stderr.toString());
      for (const [name, data] of Object.entries(files))
        assert.deepEqual(readFileSync(join(place, `run-${api.runId.slice(-12)}`, name)), data);
    });
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('the files of a run are seen by who may see the run, and by nobody else', async () => {
  await withFiles({ a: Buffer.from('a') }, async (api) => {
    const base = `/api/v1/runs/${api.runId}/files`;
    const [{ id }] = (await api.owner.send('GET', base)).body.items;
    const stranger = await api.join('member', 'stranger');
    for (const path of [base, `${base}/${id}`, `${base}/archive`]) {
      assert.equal((await stranger.send('GET', path)).status, 404);
      assert.equal((await fetch(`${api.address}${path}`)).status, 401);
      for (const role of ['viewer', 'admin'] as const)
        assert.equal((await (await api.join(role, `${role}${path.length}`)).send('GET', path)).status, 200);
    }
    const other = await api.kernel.start({
      capability: 'leaving',
      input: {},
      trigger: { kind: 'system' },
      userId: stranger.id,
    });
    assert.equal((await stranger.send('GET', `/api/v1/runs/${other.run.id}/files/${id}`)).status, 404);
    assert.equal((await api.owner.send('GET', `${base}/..%2f..%2fetc`)).status, 404);
  });
});
