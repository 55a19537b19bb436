import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { createLogger } from '../../base/logger.ts';
import { openScripted } from '../../drivers/models/scripted/scripted.ts';
import { startModelServer, type ModelServer } from '../../../test/support/model-server.ts';
import { callOf, somebody, withGateway, type TestGateway } from '../../../test/support/with-gateway.ts';
import type { OpenModel } from './one-try.ts';

const says = (text: string) => ({ text, tokens: { input: 10, output: 5 }, repeat: 'forever' });

/** Each model by a script of its own. */
const scripts =
  (each: Readonly<Record<string, readonly object[]>>): OpenModel =>
  (model) =>
    openScripted(model, { turns: each[model] });

test('a provider that asks to wait is asked again after that time, and after a growing pause without one', async () => {
  const pauses: number[] = [];
  const turns = [
    { error: 'MODEL_RATE_LIMITED', retryAfterSeconds: 7 },
    { error: 'MODEL_UNAVAILABLE', times: 2 },
    says('at last'),
  ];
  const pacing = { pause: async (ms: number) => void pauses.push(ms), random: () => 0 };
  await withGateway({ pacing, openModel: scripts({ scripted: turns }) }, async ({ gateway, db }) => {
    const answer = await gateway.complete(callOf());
    assert.ok(answer.kind === 'answer');
    assert.deepEqual(pauses, [7000, 1000, 2000]);
    const [row] = await db.query('SELECT status, attempts, count(*) OVER () AS rows FROM model_calls');
    assert.deepEqual(row, { status: 'answered', attempts: 4, rows: 1 });
  });
});

test('who asks to wait too long is left for a fallback, and the pieces of a try that failed don’t count', async () => {
  const pauses: number[] = [];
  const each = {
    'scripted:one': [{ error: 'MODEL_RATE_LIMITED', retryAfterSeconds: 3600 }, says('no')],
    'scripted:two': [{ error: 'MODEL_KEY_REFUSED', message: 'No key.' }, says('no')],
    'scripted:three': [says('three')],
  };
  const parts = {
    openModel: scripts(each),
    pacing: { pause: async (ms: number) => void pauses.push(ms), random: () => 0 },
    settings: { model: 'scripted:one', fallbacks: ['scripted:two', 'scripted:three'] },
  };
  await withGateway(parts, async ({ gateway, db }) => {
    const answer = await gateway.complete(callOf({ model: gateway.defaultModel() }));
    assert.ok(answer.kind === 'answer');
    assert.deepEqual([answer.model, pauses], ['scripted:three', []]);
    const rows = await db.query('SELECT model, status, error, usd FROM model_calls ORDER BY id');
    assert.deepEqual(rows, [
      { model: 'scripted:one', status: 'failed', error: 'MODEL_RATE_LIMITED', usd: 0 },
      { model: 'scripted:two', status: 'failed', error: 'MODEL_KEY_REFUSED', usd: 0 },
      { model: 'scripted:three', status: 'answered', error: null, usd: 0 },
    ]);
    await assert.rejects(gateway.complete(callOf({ model: 'scripted:one', fallbacks: ['scripted:two'] })), {
      code: 'MODEL_RATE_LIMITED',
      retryAfterSeconds: 3600,
      message: /fallbacks did not answer either. scripted:two: No key\./,
    });
  });
});

test('a conversation that is too long falls back to a larger model only', async () => {
  const long = [{ error: 'MODEL_TOO_LONG', times: 'forever' }, says('no')];
  const each = { 'scripted:one': long, 'scripted:small': [says('small')], 'scripted:large': [says('large')] };
  const sizes = ['scripted:one=1000', 'scripted:small=1000', 'scripted:large=2000/100'];
  await withGateway({ openModel: scripts(each), settings: { sizes } }, async ({ gateway }) => {
    const ask = (fallbacks: string[]) => gateway.complete(callOf({ model: 'scripted:one', fallbacks }));
    const answer = await ask(['scripted:small', 'scripted:large']);
    assert.ok(answer.kind === 'answer' && answer.model === 'scripted:large');
    await assert.rejects(ask(['scripted:small']), { code: 'MODEL_TOO_LONG' });
    assert.deepEqual(await gateway.info('scripted:large'), {
      model: 'scripted:large',
      contextTokens: 2000,
      maxOutputTokens: 100,
    });
  });
});

test('the same question of the same person is answered from the cache, free; nobody else reads it', () =>
  withGateway({ settings: { prices: ['scripted=1/1'] } }, async ({ gateway, another, db }) => {
    const ask = async (more: object = {}, from = gateway) => {
      const pieces: string[] = [];
      const answer = await from.complete(
        callOf({ cacheMs: 60_000, onDelta: ({ text }) => pieces.push(text), ...more }),
      );
      assert.ok(answer.kind === 'answer');
      assert.equal(pieces.join(''), 'hello');
      return [answer.fromCache, answer.usd];
    };
    const paid = [false, 15e-6];
    assert.deepEqual(await ask(), paid);
    assert.deepEqual(await ask(), [true, 0]);
    assert.deepEqual(await ask({ turn: 0, purpose: 'compact' }, another()), [true, 0]);
    assert.deepEqual(await ask({ cacheMs: 0 }), paid);
    assert.deepEqual(await ask({ payer: { ...somebody, userId: 'eve' } }), paid);
    assert.deepEqual(await ask({ payer: { ...somebody, repository: 'acme/other' } }), paid);
    assert.deepEqual(await ask({ payer: { ...somebody, repository: null } }), paid);
    assert.deepEqual(await ask({ messages: [{ role: 'user', text: 'other' }] }), paid);
    assert.deepEqual(await ask({ temperature: 1 }), paid);
    assert.deepEqual(await ask({ maxOutputTokens: 99 }), paid);
    assert.deepEqual(await ask({ tools: [{ name: 'a', description: '', inputSchema: {} }] }), paid);
    const [day] = await db.query('SELECT calls, cache_hits AS hits, usd FROM model_days');
    assert.deepEqual(day && { ...day, usd: 0 }, { calls: 9, hits: 2, usd: 0 });

    await db.query(`UPDATE model_cache SET created_at = now() - interval '2 minutes'`);
    assert.deepEqual(await ask(), paid, 'older than was asked for');
    await db.query(`UPDATE model_cache SET expires_at = now() - interval '1 second'`);
    assert.deepEqual(await ask({ cacheMs: 1e9 }), paid);
    assert.equal(await gateway.cache.sweep(), 7);
  }));

const canary = 'sk-canary-0123456789abcdef';

test('a key reaches its provider and no log, error or row, whatever the provider writes back', async () => {
  const server = await startModelServer();
  const lines: string[] = [];
  const log = createLogger(
    'trace',
    new Writable({ write: (line, _, next) => (lines.push(String(line)), next()) }),
  );
  const settings = { baseUrls: { openai: `${server.url}/v1`, 'openai-compatible': `${server.url}/v1` } };
  try {
    await withGateway({ settings, log }, async (parts) => {
      const { gateway, secrets, db } = parts;
      await assert.rejects(gateway.complete(callOf({ model: 'deepseek/x' })), {
        code: 'MODEL_UNKNOWN',
        message: /no access to deepseek.*openai-compatible.*gantry secrets set DEEPSEEK_API_KEY/s,
      });
      await secrets.putSecret({ scope: 'instance' }, 'OPENAI_API_KEY', canary);
      const answer = await gateway.complete(callOf({ model: 'openai/gpt-5' }));
      assert.ok(answer.kind === 'answer' && answer.usd !== null && answer.usd > 0);
      assert.equal(server.requests.at(-1)?.headers.authorization, `Bearer ${canary}`);
      await breakIt(server, parts);
      const rows = await db.query(`SELECT row_to_json(c)::text AS text FROM model_calls c`);
      const all = JSON.stringify([rows, lines, await db.query('SELECT * FROM model_days')]);
      assert.ok(lines.length > 0 && !all.includes(canary) && !all.includes(canary.slice(4)));
    });
  } finally {
    await server.close();
  }
});

async function breakIt(server: ModelServer, { gateway }: TestGateway): Promise<void> {
  const forged = JSON.stringify({ error: { message: `your key is ${canary}`, type: 'x' } });
  const ends = [
    [401, 'MODEL_KEY_REFUSED'],
    [400, 'MODEL_REPLY_INVALID'],
    [503, 'MODEL_UNAVAILABLE'],
    [429, 'MODEL_RATE_LIMITED'],
  ] as const;
  for (const [status, code] of ends) {
    server.answers.push(...Array.from({ length: 5 }, () => ({ status, body: forged })));
    await assert.rejects(gateway.complete(callOf({ model: 'openai-compatible/x' })), (error: Error) => {
      const whole = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
      assert.ok(!whole.includes(canary), whole);
      return 'code' in error && error.code === code;
    });
    server.answers.length = 0;
  }
}

test('an answer that was cut off counts as spent, and the consumer is told to begin anew', async () => {
  const server = await startModelServer();
  const settings = {
    baseUrls: { 'openai-compatible': `${server.url}/v1` },
    prices: ['openai-compatible/*=1/1'],
  };
  try {
    await withGateway({ settings }, async ({ gateway, db }) => {
      server.answers.push({ broken: 'cut' }, { error: 'overloaded' }, { reply: { text: 'whole' } });
      const told: string[] = [];
      const answer = await gateway.complete(
        callOf({
          model: 'openai-compatible/x',
          onDelta: ({ text }) => told.push(text),
          onRestart: () => (told.length = 0),
        }),
      );
      assert.ok(answer.kind === 'answer');
      assert.equal(told.join(''), 'whole');
      const rows = await db.query(
        'SELECT status, error, estimated, usd > 0 AS paid, attempts FROM model_calls ORDER BY id',
      );
      assert.deepEqual(rows, [
        { status: 'failed', error: 'MODEL_UNAVAILABLE', estimated: true, paid: true, attempts: 1 },
        { status: 'answered', error: null, estimated: false, paid: true, attempts: 3 },
      ]);

      server.answers.push({ broken: 'html' }, { broken: 'html' });
      await assert.rejects(gateway.complete(callOf({ model: 'openai-compatible/x' })), {
        code: 'MODEL_REPLY_INVALID',
      });
      const [last] = await db.query('SELECT usd, attempts FROM model_calls ORDER BY id DESC LIMIT 1');
      assert.deepEqual(last, { usd: 0, attempts: 2 }, 'no model has seen it');
    });
  } finally {
    await server.close();
  }
});

test('a model that falls silent is given up after its time, and one that is cancelled at once', async () => {
  const server = await startModelServer();
  const settings = { baseUrls: { 'openai-compatible': `${server.url}/v1` }, timeoutMs: 150 };
  try {
    await withGateway({ settings }, async ({ gateway, db }) => {
      server.answers.push(...Array.from({ length: 4 }, () => ({ broken: 'silence' }) as const));
      await assert.rejects(gateway.complete(callOf({ model: 'openai-compatible/x' })), {
        code: 'MODEL_UNAVAILABLE',
        message: /silent for .*GANTRY_MODEL_TIMEOUT_SECONDS/,
      });
      const stop = new AbortController();
      server.answers.push({ broken: 'hang' });
      const cancelled = gateway.complete(callOf({ model: 'openai-compatible/x', signal: stop.signal }));
      stop.abort(new Error('the run was cancelled'));
      await assert.rejects(cancelled, /the run was cancelled/);
      const open = await db.query(`SELECT id FROM model_calls WHERE status = 'open'`);
      assert.deepEqual(open, []);
      await assert.rejects(
        gateway.complete(callOf({ model: 'openai-compatible/x', signal: stop.signal })),
        /the run was cancelled/,
      );
    });
  } finally {
    await server.close();
  }
});

test('only models that the operator named may be chosen, if any were named', () =>
  withGateway(
    {
      settings: {
        model: 'anthropic/claude-sonnet-4-5',
        models: ['openrouter/*'],
        keys: { anthropic: 'k', openrouter: 'k', openai: 'k' },
      },
    },
    async ({ gateway }) => {
      assert.equal((await gateway.info('anthropic/claude-sonnet-4-5')).contextTokens >= 200_000, true);
      assert.ok(await gateway.info('openrouter/anthropic/claude-sonnet-4'));
      await assert.rejects(gateway.info('openai/gpt-5'), {
        code: 'MODEL_UNKNOWN',
        message: /Choose one of anthropic\/claude-sonnet-4-5, openrouter\/\*/,
      });
    },
  ));
