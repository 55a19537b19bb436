import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf, somebody, withGateway } from '../../../test/support/with-gateway.ts';

test('an answer comes with what it cost, and is written down', () =>
  withGateway({ settings: { prices: ['scripted=1/2'] } }, async ({ gateway, db }) => {
    const said: string[] = [];
    const answer = await gateway.complete(callOf({ onDelta: ({ text }) => said.push(text) }));
    assert.ok(answer.kind === 'answer');
    assert.deepEqual(answer.parts, [{ kind: 'text', text: 'hello' }]);
    assert.equal(said.join(''), 'hello');
    assert.equal(answer.usd, (10 * 1 + 5 * 2) / 1_000_000);
    const [row] = await db.query(
      `SELECT status, model, provider, user_id, repository, input_tokens, output_tokens, usd, price ->> 'from' AS price,
         attempts, estimated, reserved_usd FROM model_calls`,
    );
    assert.deepEqual(row, {
      status: 'answered',
      model: 'scripted',
      provider: 'scripted',
      user_id: 'ada',
      repository: 'acme/shop',
      input_tokens: 10,
      output_tokens: 5,
      usd: 20 / 1_000_000,
      price: 'setting',
      attempts: 1,
      estimated: false,
      reserved_usd: 0,
    });
    const counters = await db.query(
      `SELECT scope, subject, spent_tokens AS tokens, reserved_tokens AS reserved FROM budget_counters ORDER BY scope`,
    );
    assert.deepEqual(counters, [
      { scope: 'instance', subject: '', tokens: 15, reserved: 0 },
      { scope: 'repository', subject: 'acme/shop', tokens: 15, reserved: 0 },
      { scope: 'run', subject: somebody.runId, tokens: 15, reserved: 0 },
      { scope: 'user', subject: 'ada', tokens: 15, reserved: 0 },
    ]);
  }));
