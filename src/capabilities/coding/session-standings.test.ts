import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import { createArtifacts } from '../../resources/artifacts.ts';
import type { Database } from '../../store/database.ts';
import { sessionStory } from '../../../test/support/session-story.ts';
import { until } from '../../../test/support/until.ts';
import { withApi } from '../../../test/support/with-api.ts';
import { standingsRoute } from './session-standings.ts';

test('where sessions stand is told to who may see them, and of nothing else', async () => {
  const held: { db?: Database } = {};
  const capabilities = [sessionStory(() => createArtifacts(() => held.db))];
  await withApi({ capabilities, routes: (kernel) => [standingsRoute(kernel)] }, async (api) => {
    held.db = api.db;
    await api.work();
    const [ada, bob] = [await api.join('member', 'ada'), await api.join('member', 'bob')];
    const input = { goal: 'Mend the totals', repository: { kind: 'connected', name: 'acme/shop' } };
    const { run } = await api.kernel.start({
      ...{ capability: 'coding', input, userId: ada.id, trigger: { kind: 'user', userId: ada.id } },
    });
    await until(async () => (await api.kernel.get(run.id)).asks !== null);
    const path = `/api/v1/sessions/standings?ids=${run.id},${newId()}`;
    const { body } = await ada.send('GET', path);
    assert.deepEqual(
      body.items.map(({ id, phase, commits, pull }: Record<string, unknown>) => [id, phase, commits, pull]),
      [[run.id, 'Goal', 0, null]],
    );
    assert.deepEqual((await bob.send('GET', path)).body.items, []);
    assert.equal((await ada.send('GET', '/api/v1/sessions/standings?ids=x')).status, 400);

    await ada.send('POST', `/api/v1/runs/${run.id}/signals`, { name: 'goal', payload: { answer: 'accept' } });
    await until(async () => (await api.kernel.get(run.id)).asks?.signal === 'plan');
    const approve = { name: 'plan', payload: { answer: 'approve' } };
    await ada.send('POST', `/api/v1/runs/${run.id}/signals`, approve);
    await until(async () => (await api.kernel.get(run.id)).finishedAt !== null);
    const [over] = (await ada.send('GET', path)).body.items;
    assert.deepEqual([over.phase, over.commits, over.pull.number], ['Publish', 2, 7]);
  });
});
