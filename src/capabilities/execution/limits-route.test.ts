import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDefaults } from '../../../test/support/settings.ts';
import { withApi } from '../../../test/support/with-api.ts';
import { limitsRoute } from './limits-route.ts';
import { runLimits } from './limits.ts';
import { languages } from './languages/table.ts';

test('the table of limits says what really holds', async () => {
  await withApi({ routes: [limitsRoute(languages, () => testDefaults)] }, async (api) => {
    const { status, body } = await (await api.join('viewer')).send('GET', '/api/v1/executions/limits');
    assert.equal(status, 200, JSON.stringify(body));
    const usual = runLimits();
    for (const [name, bound] of Object.entries<{ usual: number; most: number }>(body.limits))
      assert.equal(bound.usual, usual[name as keyof typeof usual], name);
    assert.equal(body.languages.java.memoryBytes, runLimits(languages.at(-1)?.limits).memoryBytes);
    assert.equal(body.languages.python, undefined);
  });
});
