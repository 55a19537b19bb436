import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import { deleteRuns } from '../../kernel/retention.ts';
import { callOf, somebody, withGateway } from '../../../test/support/with-gateway.ts';
import { startModelServer } from '../../../test/support/model-server.ts';
import { until } from '../../../test/support/until.ts';
import type { Database } from '../../store/database.ts';
import { settleLost } from './lost-calls.ts';

const rule = (db: Database, scope: string, subject: string, usd: number | null, tokens: number | null) =>
  db.query('INSERT INTO budget_rules (scope, subject, usd, tokens) VALUES ($1, $2, $3, $4)', [
    scope,
    subject,
    usd,
    tokens,
  ]);

const payer = (more: object = {}) => ({
  runId: newId(),
  userId: 'ada',
  repository: 'acme/shop',
  budget: null,
  ...more,
});

const sums = async (db: Database) => {
  const rows = await db.query<{ key: string; spent: number; reserved: number; usd: number }>(
    `SELECT scope || ' ' || CASE scope WHEN 'run' THEN '' ELSE subject END AS key, spent_tokens AS spent,
       reserved_tokens AS reserved, spent_usd + reserved_usd AS usd FROM budget_counters ORDER BY key`,
  );
  return rows;
};

const script = (input: number, output: number, more: object = {}) => ({
  turns: [{ text: 'ok', tokens: { input, output }, repeat: 'forever', ...more }],
});

test('callers on several workers never go beyond a budget together, at no moment', () =>
  withGateway({ settings: { prices: ['scripted=10/20'] } }, async ({ gateway, another, db }) => {
    const limit = 0.05;
    await rule(db, 'user', 'ada', limit, null);
    await rule(db, 'instance', '', null, 4000);
    const workers = [gateway, another(), another()];
    let worst = { usd: 0, tokens: 0 };
    let done = false;
    const watching = (async () => {
      while (!done) {
        for (const { key, usd, spent, reserved } of await sums(db)) {
          if (key === 'user ada') worst = { ...worst, usd: Math.max(worst.usd, usd) };
          if (key === 'instance ') worst = { ...worst, tokens: Math.max(worst.tokens, spent + reserved) };
        }
      }
    })();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const call = callOf({
          payer: payer({ repository: index % 2 ? 'acme/shop' : null }),
          script: script(60, 400, { delayMs: 20 }),
          maxOutputTokens: 400,
        });
        return workers[index % 3]?.complete(call);
      }),
    ).finally(async () => {
      done = true;
      await watching;
    });
    const paid = answers.filter((answer) => answer?.kind === 'answer').length;
    const refused = answers.flatMap((answer) => (answer?.kind === 'over-budget' ? [answer.over] : []));
    assert.ok(paid >= 4 && refused.length >= 4, `${paid} answered, ${refused.length} were refused`);
    assert.ok(worst.usd <= limit + 1e-9 && worst.tokens <= 4000, JSON.stringify(worst));
    for (const over of refused) {
      assert.deepEqual([over.scope, over.subject, over.unit, over.limit], ['user', 'ada', 'usd', limit]);
      assert.ok(over.spent + over.needs > limit);
    }
    const [rows] = await db.query<{ open: number; spent: number }>(
      `SELECT count(*) FILTER (WHERE status = 'open')::int AS open, sum(usd) AS spent FROM model_calls`,
    );
    assert.equal(rows?.open, 0);
    assert.ok(Math.abs((rows?.spent ?? 0) - paid * (60 * 10 + 400 * 20) * 1e-6) < 1e-9);
    for (const { reserved } of await sums(db)) assert.equal(reserved, 0);
  }));

test('calls that no budget bounds add up as well, however many are made at once', () =>
  withGateway({ settings: { prices: ['scripted=10/20'] } }, async ({ gateway, another, db }) => {
    const workers = [gateway, another(), another()];
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const who = { userId: index % 2 ? 'ada' : 'bob', repository: index % 3 ? 'acme/shop' : 'acme/big' };
        return workers[index % 3]?.complete(callOf({ payer: payer(who), script: script(60, 40) }));
      }),
    );
    assert.ok(answers.every((answer) => answer?.kind === 'answer'));
    const rows = (await sums(db)).filter(({ key }) => key !== 'run ');
    const expected = { 'instance ': 60, 'repository acme/big': 20, 'repository acme/shop': 40 };
    for (const { key, spent, reserved, usd } of rows) {
      const calls = Object.entries({ ...expected, 'user ada': 30, 'user bob': 30 }).find(
        ([name]) => name === key,
      );
      assert.equal(spent, (calls?.[1] ?? 0) * 100, key);
      assert.equal(reserved, 0);
      assert.ok(Math.abs(usd - spent * 14e-6) < 1e-9, key);
    }
    assert.equal(rows.length, 5);
    const [day] = await db.query<{ calls: number; output: number }>(
      'SELECT calls, output_tokens AS output FROM model_days',
    );
    assert.deepEqual(day, { calls: 60, output: 2400 });
  }));

test('a call is told which budget stops it, and an answer is shortened to what is left', () =>
  withGateway({}, async ({ gateway, db }) => {
    const own = payer({ budget: { tokens: 3000 } });
    await rule(db, 'run', '', null, 5000);
    await rule(db, 'repository', '', null, 2500);
    await rule(db, 'repository', 'acme/big', null, null);
    const call = (more: object) =>
      gateway.complete(callOf({ script: script(10, 5), maxOutputTokens: 2900, ...more }));

    const shortened = await call({ payer: payer() });
    assert.equal(shortened.kind, 'answer');
    const [row] = await db.query<{ output: number }>(
      `SELECT spent_tokens AS output FROM budget_counters WHERE scope = 'repository'`,
    );
    assert.equal(row?.output, 15);

    const spend = await call({ payer: { ...own, repository: null }, script: script(10, 2400) });
    assert.equal(spend.kind, 'answer');
    const refused = await call({ payer: { ...own, repository: 'acme/big' } });
    assert.ok(refused.kind === 'over-budget');
    const { needs, ...over } = refused.over;
    assert.deepEqual(over, { scope: 'run', subject: own.runId, unit: 'tokens', limit: 3000, spent: 2410 });
    assert.ok(needs > 2900);
  }));

test('what a killed worker had put aside counts as spent, at the most that it may have been', () =>
  withGateway({ settings: { prices: ['scripted=10/20'] } }, async ({ gateway, another, db }) => {
    const stop = new AbortController();
    const slow = callOf({
      payer: payer(),
      script: script(10, 5, { delayMs: 3_600_000 }),
      signal: stop.signal,
      maxOutputTokens: 1000,
    });
    const killed = gateway.complete(slow);
    killed.catch(() => undefined);
    const open = async () => (await db.query(`SELECT id FROM model_calls WHERE status = 'open'`)).length;
    await until(async () => (await open()) === 1);
    const [before] = await sums(db);
    assert.ok(before && before.spent === 0 && before.reserved > 1000 && before.usd > 0.02);
    assert.equal(await settleLost(db), 0, 'it may still answer');

    await db.query(`UPDATE model_calls SET expires_at = now() - interval '1 second'`);
    const swept = await Promise.all([settleLost(db), settleLost(db), settleLost(db)]);
    assert.equal(
      swept.reduce((sum, count) => sum + count, 0),
      1,
    );
    const [after] = await sums(db);
    assert.deepEqual(after, { ...before, spent: before.reserved, reserved: 0 });
    const [row] = await db.query(`SELECT status, estimated, usd > 0.02 AS paid FROM model_calls`);
    assert.deepEqual(row, { status: 'lost', estimated: true, paid: true });

    // It was stalled only, and comes back: the sums are put right.
    stop.abort(new Error('cancelled'));
    await assert.rejects(killed, /cancelled/);
    const [late] = await sums(db);
    assert.deepEqual([late?.spent, late?.reserved, late?.usd], [0, 0, 0]);
    assert.equal((await another().complete(callOf({ payer: payer() }))).kind, 'answer');
  }));

test('a budget per day begins anew at midnight in UTC, and a call belongs to the day of its beginning', () => {
  let today = '2026-11-21';
  return withGateway({ day: () => today }, async ({ gateway, db }) => {
    await rule(db, 'user', '', null, 2000);
    const call = (more: object = {}) =>
      gateway.complete(callOf({ payer: payer(), script: script(10, 1500), maxOutputTokens: 1600, ...more }));
    assert.equal((await call()).kind, 'answer');
    assert.equal((await call()).kind, 'over-budget');
    const others = await call({ payer: payer({ userId: 'bob' }) });
    assert.equal(others.kind, 'answer');

    today = '2026-11-22';
    const over = call({ script: script(10, 1500, { delayMs: 100 }) });
    await until(async () => {
      const open = await db.query(`SELECT id FROM model_calls WHERE status = 'open'`);
      return open.length === 1;
    });
    today = '2026-11-23';
    assert.equal((await over).kind, 'answer');
    const days = await db.query(
      `SELECT day::text AS day, spent_tokens AS spent FROM budget_counters WHERE scope = 'user' AND subject = 'ada' ORDER BY day`,
    );
    assert.deepEqual(days, [
      { day: '2026-11-21', spent: 1510 },
      { day: '2026-11-22', spent: 1510 },
    ]);
  });
});

test('a model without a price needs a budget of tokens where money is bounded', async () => {
  const gone = await startModelServer();
  await gone.close();
  await withGateway(
    { settings: { baseUrls: { 'openai-compatible': `${gone.url}/v1` } } },
    async ({ gateway, db }) => {
      const call = (budget: object | null) =>
        gateway.complete(
          callOf({ model: 'openai-compatible/llama', script: undefined, payer: payer({ budget }) }),
        );
      await assert.rejects(call({ usd: 5 }), {
        code: 'BUDGET_REACHED',
        message: /openai-compatible\/llama costs.*GANTRY_MODEL_PRICES/s,
      });
      // Nobody listens there; it was called, and money was no obstacle.
      await assert.rejects(call({ usd: 5, tokens: 10_000 }), { code: 'MODEL_UNAVAILABLE' });
      const [row] = await db.query(`SELECT status, usd, attempts, estimated, price FROM model_calls`);
      assert.deepEqual(row, { status: 'failed', usd: 0, attempts: 4, estimated: false, price: null });
    },
  );
});

test('more is allowed once per answer: a run’s own budget by its owner, the others by admins', () =>
  withGateway({}, async ({ gateway, db }) => {
    await db.query(
      `INSERT INTO users (id, name, email, role) VALUES ('ada', 'Ada', 'a@x', 'member'), ('eve', 'Eve', 'e@x', 'member'), ('root', 'Root', 'r@x', 'admin')`,
    );
    const own = payer({ budget: { tokens: 1000 } });
    await db.query(
      `INSERT INTO runs (id, capability, title, status, priority, input, share_key, trigger, user_id)
       VALUES ($1, 'x', 'x', 'running', 2, '{}', 'ada', '{}', 'ada')`,
      [own.runId],
    );
    await rule(db, 'instance', '', null, 3000);
    const call = () =>
      gateway.complete(callOf({ payer: own, script: script(10, 840), maxOutputTokens: 850 }));
    const over = async () => {
      const refused = await call();
      assert.ok(refused.kind === 'over-budget');
      return refused.over;
    };
    assert.equal((await call()).kind, 'answer');
    const first = await over();
    assert.deepEqual([first.scope, first.limit, first.spent], ['run', 1000, 850]);
    await assert.rejects(gateway.allow(own.runId, first, 5000, 'eve', 'k'), { code: 'FORBIDDEN' });
    await assert.rejects(gateway.allow(newId(), first, 5000, 'ada', 'k'), { code: 'NOT_FOUND' });
    await Promise.all([1, 2, 3].map(() => gateway.allow(own.runId, first, 2000, 'ada', 'k')));
    assert.equal((await call()).kind, 'answer');
    assert.equal((await call()).kind, 'answer');
    const second = await over();
    assert.deepEqual([second.scope, second.subject, second.limit], ['instance', '', 3000]);
    await assert.rejects(gateway.allow(own.runId, second, 1000, 'ada', 'k2'), {
      code: 'FORBIDDEN',
      message: /Only an admin/,
    });
    await gateway.allow(own.runId, second, 5000, 'root', 'k2');
    assert.deepEqual([(await over()).scope, (await over()).limit], ['run', 3000]);
    await gateway.allow(own.runId, first, 5000, 'ada', 'k3');
    assert.equal((await call()).kind, 'answer');
  }));

test('a worker that lost its run pays nothing for it, and what belongs to a run goes with it', () =>
  withGateway({}, async ({ gateway, db }) => {
    const { runId } = somebody;
    await db.query(
      `INSERT INTO runs (id, capability, title, status, priority, input, share_key, trigger, claim, worker_id)
       VALUES ($1, 'x', 'x', 'running', 2, '{}', 'ada', '{}', 2, 'new')`,
      [runId],
    );
    const owner = { runId, step: 'model', ordinal: 0, claim: 2, workerId: 'new' };
    const stale = callOf({ owner: { ...owner, claim: 1, workerId: 'old' } });
    await assert.rejects(gateway.complete(stale), { name: 'RunLost' });
    assert.deepEqual(await db.query('SELECT id FROM model_calls'), []);
    // A step that is done again asks again, and both are there to be seen.
    assert.equal((await gateway.complete(callOf({ owner }))).kind, 'answer');
    assert.equal((await gateway.complete(callOf({ owner }))).kind, 'answer');
    const rows = await db.query('SELECT step, ordinal FROM model_calls');
    assert.deepEqual(
      rows,
      Array.from({ length: 2 }, () => ({ step: 'model', ordinal: 0 })),
    );

    await deleteRuns(db, [runId]);
    assert.deepEqual(await db.query('SELECT id FROM model_calls'), []);
    const left = await db.query(`SELECT scope, spent_tokens AS tokens FROM budget_counters ORDER BY scope`);
    assert.deepEqual(left, [
      { scope: 'instance', tokens: 30 },
      { scope: 'repository', tokens: 30 },
      { scope: 'user', tokens: 30 },
    ]);
  }));
