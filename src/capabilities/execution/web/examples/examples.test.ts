import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withExecutions } from '../../../../../test/support/executions.ts';
import { languages } from '../../languages/table.ts';
import { examples } from './examples.ts';

test('each language of the table has an example that counts words', () => {
  const counted = examples.filter(({ title }) => title === 'words').map(({ language }) => language);
  assert.deepEqual(counted.toSorted(), languages.map(({ name }) => name).toSorted());
});

test('each example runs to a good end, where its language is installed', async (t) => {
  await withExecutions({}, async ({ output, installed }) => {
    const missing = languages.filter(({ name }) => !installed.has(name)).map(({ name }) => name);
    if (missing.length > 0) t.diagnostic(`not installed here: ${missing.join(', ')}`);
    for (const { language, files, stdin, interactive } of examples) {
      if (!installed.has(language)) continue;
      const input = interactive ? 'Mira\n' : (stdin ?? '');
      const { outcome, stdout, stderr } = await output({ language, files: [...files], stdin: input });
      assert.equal(outcome, 'ok', `${language}: ${stderr}`);
      assert.notEqual(stdout, '', language);
    }
  });
});
