import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gantry } from '../../test/support/command-line.ts';
import { withServer } from '../../test/support/gantry-up.ts';
import type { BudgetRule, BudgetStates } from '../contract/budget.ts';
import type { Models } from '../contract/model.ts';

const { server, cli, json } = withServer();

test('budgets are set, shown and removed', async () => {
  assert.match((await cli('budgets')).stdout, /^No budgets\. Set one with `gantry budgets set/);
  assert.match((await cli('budgets', 'set', 'instance', '--usd', '20')).stdout, /: \$20\.00 a day\.$/m);
  const rule = await json<BudgetRule>('budgets', 'set', 'repository', 'acme/shop', '--tokens', '5000');
  assert.deepEqual([rule.subject, rule.usd, rule.tokens], ['acme/shop', null, 5000]);
  const shown = (await cli('budgets')).stdout;
  assert.match(shown, /^the whole instance +\$20\.00 +- +day \(UTC\)$/m);
  assert.match(shown, /^acme\/shop +\$0\.00 +0 of 5000 +-$/m);
  const { budgets, today } = await json<{ budgets: BudgetRule[]; today: BudgetStates }>('budgets');
  assert.equal(budgets.length, 2);
  assert.equal(today.items[0]?.usd, 20);
  assert.equal((await cli('budgets', 'remove', 'repository', 'acme/shop')).code, 0);
  assert.equal((await cli('budgets', 'remove', 'repository', 'acme/shop')).code, 66);
  for (const args of [
    ['set', 'instance'],
    ['set', 'instance', '--usd', 'much'],
    ['set', 'galaxy', '--usd', '1'],
    ['set', 'run', 'x', '--usd', '1'],
  ]) {
    assert.equal((await cli('budgets', ...args)).code, 2, args.join(' '));
  }
});

test('models are listed with what to do about each provider, and a test names what is missing', async () => {
  const { stdout } = await cli('models');
  assert.match(stdout, /^google +not configured +Set GOOGLE_GENERATIVE_AI_API_KEY/m);
  assert.match(stdout, /No model is named or was used yet\. Choose the default with gantry models use/);
  assert.equal((await json<Models>('models')).default, null);
  const none = await cli('models', 'test');
  assert.deepEqual([none.code, /There is no default model/.test(none.stderr)], [2, true]);
  const unknown = await cli('models', 'test', 'anthropic/claude-x');
  assert.equal(unknown.code, 2);
  assert.match(unknown.stdout, /does not answer: .*ANTHROPIC_API_KEY/);
  const { key } = await json<{ key: string }>('keys', 'create', '--name', 'm', '--role', 'member');
  const env = { GANTRY_URL: server().url, GANTRY_API_KEY: key };
  assert.equal((await gantry(['budgets', 'set', 'instance', '--usd', '1'], { env })).code, 77);
  assert.equal((await gantry(['budgets'], { env })).code, 0);
});
