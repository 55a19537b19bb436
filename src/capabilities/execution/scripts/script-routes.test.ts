import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openResources } from '../../../../test/support/executions.ts';
import { withApi, type TestApi } from '../../../../test/support/with-api.ts';
import { createExecution } from '../index.ts';

const path = '/api/v1/scripts';

const python = (content: string, more: object = {}) => ({
  language: 'python',
  files: [{ name: 'main.py', content }],
  ...more,
});

async function withServer(test: (api: TestApi) => Promise<void>): Promise<void> {
  const resources = await openResources({ count: 0, languages: [] });
  try {
    const module = createExecution(resources);
    await module.prepare();
    await withApi({ capabilities: [module.capability], routes: module.routes }, async (api) => {
      await api.work();
      await test(api);
    });
  } finally {
    await resources.close();
  }
}

test('a script is saved, versioned, restored, and each version runs as it was saved', async () => {
  await withServer(async (api) => {
    const member = await api.join('member');
    const made = await member.send('POST', path, { name: 'greet', content: python('print("one")') });
    assert.deepEqual([made.status, made.body.version], [201, 1], JSON.stringify(made.body));
    const { id } = made.body;
    assert.equal(made.headers.get('location'), `${path}/${id}`);
    const content = python('import sys; print("two", sys.argv[1:], sys.stdin.read())', { args: ['saved'] });
    const saved = await member.send('POST', `${path}/${id}/versions`, {
      content,
      expectedVersion: 1,
      note: 'b',
    });
    assert.deepEqual([saved.status, saved.body.version, saved.body.content], [201, 2, content]);
    const late = await member.send('POST', `${path}/${id}/versions`, {
      content: python('x'),
      expectedVersion: 1,
    });
    assert.deepEqual([late.status, late.body.code], [409, 'CONFLICT']);

    const run = async (body: object) =>
      (await member.send('POST', `${path}/${id}/run?wait=true`, body)).body.output.stdout;
    assert.equal(await run({}), "two ['saved'] \n");
    assert.equal(await run({ args: ['mine', '$x'], stdin: 'in' }), "two ['mine', '$x'] in\n");
    assert.equal(await run({ version: 1 }), 'one\n');

    const back = await member.send('POST', `${path}/${id}/restore`, { version: 1, expectedVersion: 2 });
    assert.deepEqual([back.status, back.body.version], [201, 3]);
    assert.equal(await run({}), 'one\n');
    const history = await member.send('GET', `${path}/${id}/versions`);
    assert.deepEqual(
      history.body.items.map((each: { version: number; note: string }) => [each.version, each.note]),
      [
        [3, 'Restored version 1'],
        [2, 'b'],
        [1, ''],
      ],
    );
    assert.equal((await member.send('GET', `${path}/${id}?version=2`)).body.content.args[0], 'saved');
  });
});

test('roles: a viewer reads what is shared and runs nothing, a member runs it and changes only the own', async () => {
  await withServer(async (api) => {
    const [ada, bob, eve] = [
      await api.join('member', 'ada'),
      await api.join('member', 'bob'),
      await api.join('viewer', 'eve'),
    ];
    const draft = { name: '<b>x</b>', content: python('print(1)'), shared: true };
    const { id } = (await ada.send('POST', path, draft)).body;
    const hidden = (await ada.send('POST', path, { ...draft, name: 'hidden', shared: false })).body.id;
    for (const [user, status] of [
      [bob, 200],
      [eve, 403],
    ] as const) {
      assert.equal((await user.send('GET', `${path}/${id}`)).body.name, '<b>x</b>');
      assert.equal((await user.send('GET', `${path}/${hidden}`)).status, 404);
      assert.equal((await user.send('POST', `${path}/${id}/run?wait=true`, {})).status, status);
      assert.equal((await user.send('POST', `${path}/${hidden}/run`, {})).status, status === 200 ? 404 : 403);
      assert.equal((await user.send('PATCH', `${path}/${id}`, { name: 'y' })).status, 403);
      assert.equal((await user.send('DELETE', `${path}/${id}`)).status, 403);
      assert.deepEqual(
        (await user.send('GET', `${path}?whose=shared`)).body.items.map((each: { id: string }) => each.id),
        [id],
      );
    }
    assert.equal((await eve.send('POST', path, { ...draft, name: 'mine' })).status, 403);
    assert.equal((await ada.send('DELETE', `${path}/${id}`)).status, 204);
    assert.equal((await bob.send('GET', `${path}/${id}`)).status, 404);
    assert.equal((await ada.send('POST', `${path}/${id}/undelete`)).body.deletedAt, null);
    assert.equal((await ada.send('PATCH', `${path}/${id}`, { shared: false })).body.shared, false);
    assert.equal((await bob.send('POST', `${path}/${id}/run`, {})).status, 404);
  });
});

test('what cannot run is not saved, and each wrong field is named', async () => {
  await withServer(async (api) => {
    const member = await api.join('member');
    const cases: [body: object, place: string][] = [
      [{ name: 'x', content: { language: 'python', files: [] } }, 'content.files'],
      [{ name: 'x', content: python('', { limits: { wallMs: 1e9 } }) }, 'content.limits.wallMs'],
      [{ name: '', content: python('') }, 'name'],
      [{ name: 'a\u0000', content: python('') }, 'name'],
      [{ name: 'x', content: python(''), note: 'x'.repeat(501) }, 'note'],
    ];
    for (const [body, place] of cases) {
      const answer = await member.send('POST', path, body);
      assert.deepEqual(
        [answer.status, answer.body.problems?.[0]?.path],
        [400, place],
        JSON.stringify(answer.body),
      );
    }
    assert.equal((await member.send('GET', `${path}/none`)).status, 404);
    assert.equal((await member.send('GET', `${path}?cursor=x`)).status, 400);
  });
});
