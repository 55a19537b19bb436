import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openModel } from '../../drivers/models/index.ts';
import { lookUp, startModelServer } from '../../../test/support/model-server.ts';
import { until } from '../../../test/support/until.ts';
import { somebody, withGateway } from '../../../test/support/with-gateway.ts';
import type { ModelMessage, ModelRequest } from '../ports/model.ts';
import { createProgramEndpoint, type ProgramEndpointOptions } from './program-endpoint.ts';

const token = 'run-token-1';

interface Place {
  readonly url: string;
  /** Asks as a program does, by its own means. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** The endpoint behind a port of its own. */
async function withEndpoint(
  options: Pick<ProgramEndpointOptions, 'gateway'> & Partial<ProgramEndpointOptions>,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  const signal = new AbortController().signal;
  const server = createServer(
    createProgramEndpoint({ payer: somebody, token, models: ['scripted'], signal, ...options }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  try {
    await use({
      url,
      post: (body, headers = {}) =>
        fetch(`${url}/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const hello: readonly ModelMessage[] = [{ role: 'user', text: 'Hello' }];
const ask = (messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages,
  maxOutputTokens: 1000,
  turn: 0,
  signal: new AbortController().signal,
  ...more,
});
const hi = { model: 'default', messages: [{ role: 'user', content: 'Hello' }] };

test('a program talks to the model as to OpenAI: words, thoughts, tools, values', () =>
  withGateway({}, async ({ gateway, db }) => {
    const script = {
      turns: [
        {
          reasoning: 'Look first.',
          text: 'Größe 🙂',
          calls: [
            { tool: 'read', input: { path: 'a' } },
            { tool: 'list', input: {} },
          ],
          tokens: { input: 50, cacheRead: 20, output: 7 },
        },
        { when: 'the file says so', json: { answer: '{{last}}' } },
      ],
    };
    await withEndpoint({ gateway, script, models: ['scripted', 'scripted:other'] }, async ({ url }) => {
      const model = openModel('openai-compatible/scripted', { baseUrl: url, apiKey: token, fetch });
      const tools = [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }];
      const pieces: string[] = [];
      const first = await model.complete(ask(hello, { tools, onDelta: ({ text }) => pieces.push(text) }));
      assert.deepEqual(
        first.parts.map((part) =>
          part.kind === 'tool-call' ? [part.tool, part.input] : [part.kind, part.text],
        ),
        [
          ['reasoning', 'Look first.'],
          ['text', 'Größe 🙂'],
          ['read', { path: 'a' }],
          ['list', {}],
        ],
      );
      assert.equal(pieces.join(''), 'Look first.Größe 🙂');
      assert.equal(first.finish, 'tool-calls');
      assert.deepEqual(first.tokens, { input: 50, cacheRead: 20, cacheWrite: 0, output: 7 });

      const called = first.parts.find((part) => part.kind === 'tool-call');
      assert.ok(called?.kind === 'tool-call');
      const second = await model.complete(
        ask(
          [
            ...hello,
            { role: 'assistant', parts: first.parts },
            { role: 'tool', callId: called.callId, tool: 'read', text: 'the file says so', failed: false },
          ],
          { tools, outputSchema: { name: 'answer', schema: { type: 'object' } } },
        ),
      );
      assert.deepEqual(second.parts, [{ kind: 'text', text: '{"answer":"the file says so"}' }]);
    });
    const rows = await db.query(`SELECT purpose, run_id FROM model_calls`);
    assert.deepEqual(
      rows,
      [somebody, somebody].map(({ runId }) => ({ purpose: 'program', run_id: runId })),
    );
  }));

test('answers whole when no stream is asked for, and lists the models', () =>
  withGateway({}, async ({ gateway }) => {
    const script = {
      turns: [{ text: 'hello', calls: [{ tool: 't', input: 'no JSON' }], tokens: { input: 3, output: 2 } }],
    };
    await withEndpoint({ gateway, script }, async ({ url, post }) => {
      const reply = await post({
        ...hi,
        made_up_field: 1,
        tools: [{ type: 'function', function: { name: 't' } }],
      });
      assert.equal(reply.status, 200);
      const body: unknown = await reply.json();
      assert.deepEqual(
        ['object', 'model', 'usage', 'choices'].map((field) => lookUp(body, [field])),
        [
          'chat.completion',
          'scripted',
          {
            prompt_tokens: 3,
            completion_tokens: 2,
            total_tokens: 5,
            prompt_tokens_details: { cached_tokens: 0 },
          },
          [
            {
              index: 0,
              finish_reason: 'tool_calls',
              logprobs: null,
              message: {
                role: 'assistant',
                content: 'hello',
                refusal: null,
                tool_calls: [
                  { id: 'call-0-0', type: 'function', function: { name: 't', arguments: 'no JSON' } },
                ],
              },
            },
          ],
        ],
      );
      const models = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${token}` } });
      assert.deepEqual(lookUp(await models.json(), ['data']), [
        { id: 'scripted', object: 'model', created: 0, owned_by: 'gantry' },
      ]);
    });
  }));

test('refuses what it does not have in the form of OpenAI, naming the field', () =>
  withGateway({}, async ({ gateway }) => {
    await withEndpoint({ gateway, limits: { bodyBytes: 20_000 } }, async ({ url, post }) => {
      const image = { type: 'image_url', image_url: { url: 'data:' } };
      const wrong: readonly (readonly [unknown, number, RegExp])[] = [
        ['{"model":', 400, /no JSON/],
        ['[]', 400, /^The body: /],
        [{ ...hi, messages: [{ role: 'tool', content: 'x' }] }, 400, /messages.0.tool_call_id/],
        [{ ...hi, model: 'openai/gpt-5' }, 404, /may not be used here. Choose one of: scripted/],
        [{ ...hi, n: 2 }, 400, /n: must be 1/],
        [{ ...hi, stop: ['x'] }, 400, /stop: is not supported/],
        [{ ...hi, logprobs: true }, 400, /logprobs/],
        [{ ...hi, messages: [] }, 400, /messages/],
        [{ ...hi, messages: [{ role: 'user', content: [image] }] }, 400, /images/],
        [{ ...hi, tools: [{ type: 'web_search' }] }, 400, /tools/],
        [{ ...hi, messages: [{ role: 'user', content: 'x'.repeat(30_000) }] }, 413, /larger than 20000/],
      ];
      for (const [body, status, message] of wrong) {
        const reply = await post(body);
        const error = lookUp(await reply.json(), ['error']);
        assert.equal(reply.status, status, JSON.stringify(error));
        assert.match(String(lookUp(error, ['message'])), message);
        assert.equal(lookUp(error, ['type']), 'invalid_request_error');
      }
      for (const authorization of ['', 'Bearer run-token-2', token, `Basic ${token}`]) {
        const reply = await post(hi, { authorization });
        assert.equal(reply.status, 401);
        assert.equal(lookUp(await reply.json(), ['error', 'code']), 'invalid_api_key');
      }
      const elsewhere = await fetch(`${url}/embeddings`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: '{}',
      });
      assert.equal(elsewhere.status, 404);
    });
  }));

test('a run without budget left is told so, and nothing is asked', () =>
  withGateway({}, async ({ gateway, db }) => {
    const script = { turns: [{ text: 'hello' }] };
    const payer = { ...somebody, budget: { tokens: 10 } };
    await withEndpoint({ gateway, script, payer }, async ({ url, post }) => {
      for (const stream of [false, true]) {
        const reply = await post({ ...hi, stream });
        assert.equal(reply.status, 402);
        assert.deepEqual(lookUp(await reply.json(), ['error']), {
          message: 'The budget (run) does not allow this call. Who started the run can raise it.',
          type: 'insufficient_quota',
          param: null,
          code: 'insufficient_quota',
        });
      }
      const model = openModel('openai-compatible/default', { baseUrl: url, apiKey: token, fetch });
      await assert.rejects(model.complete(ask(hello)), {
        code: 'MODEL_KEY_REFUSED',
        message: /budget \(run\)/,
      });
    });
    assert.deepEqual(await db.query(`SELECT 1 FROM model_calls WHERE status = 'answered'`), []);
  }));

test('the token dies with the run, and so does what was asked', () =>
  withGateway({}, async ({ gateway }) => {
    const run = new AbortController();
    const script = { turns: [{ text: 'late and later', delayMs: 3_600_000 }] };
    await withEndpoint({ gateway, script, signal: run.signal }, async ({ url, post }) => {
      const waiting = post(hi);
      const streaming = post({ ...hi, stream: true });
      await until(async () => (await post('{')).status === 400);
      run.abort();
      assert.equal((await waiting).status, 401);
      assert.match(await (await streaming).text(), /run of this token has ended/);
      assert.equal((await post(hi)).status, 401);
      const models = await fetch(`${url}/models`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(models.status, 401);
    });
  }));

test('a run asks so often and no more', () =>
  withGateway({}, async ({ gateway }) => {
    const script = { turns: [{ text: 'again', repeat: 'forever' }] };
    await withEndpoint({ gateway, script, limits: { calls: 2 } }, async ({ post }) => {
      const statuses = [];
      for (let call = 0; call < 3; call += 1) statuses.push((await post(JSON.stringify(hi))).status);
      assert.deepEqual(statuses, [200, 200, 429]);
    });
  }));

test('a program that goes away asks nothing more, and makes room for others', () =>
  withGateway({}, async ({ gateway }) => {
    const script = { turns: [{ text: 'late', delayMs: 3_600_000 }] };
    await withEndpoint({ gateway, script, limits: { concurrent: 1 } }, async ({ url, post }) => {
      const leave = new AbortController();
      const gone = fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(hi),
        signal: leave.signal,
      });
      await until(async () => {
        const reply = await post('{');
        return reply.status === 429 && reply.headers.get('retry-after') === '1';
      });
      leave.abort();
      await assert.rejects(gone);
      await until(async () => (await post('{')).status === 400);
    });
  }));

test('no byte of what a program gets holds the key of the provider, whatever that writes', async () => {
  const provider = await startModelServer();
  const key = 'sk-canary-9d1e';
  try {
    const settings = {
      keys: { 'openai-compatible': key },
      baseUrls: { 'openai-compatible': `${provider.url}/v1` },
    };
    await withGateway({ settings }, async ({ gateway }) => {
      const models = ['openai-compatible/x'];
      await withEndpoint({ gateway, models }, async ({ post }) => {
        const fails = [
          ['key', 502],
          ['model', 404],
          ['too-long', 400],
          ['no-money', 502],
          ['bad-request', 502],
        ] as const;
        for (const stream of [false, true]) {
          for (const [error, status] of fails) {
            provider.answers.splice(0, Infinity, { error }, { error });
            const reply = await post({ ...hi, stream });
            const bytes = `${JSON.stringify([...reply.headers])} ${await reply.text()}`;
            assert.equal(reply.status, status, bytes);
            assert.ok(!bytes.includes(key), bytes);
          }
        }
        provider.answers.splice(0);
        const reply = await post(hi);
        assert.equal(lookUp(await reply.json(), ['choices', 0, 'message', 'content']), 'ok');
        assert.equal(provider.requests.at(-1)?.headers.authorization, `Bearer ${key}`);
      });
    });
  } finally {
    await provider.close();
  }
});

test('says that an answer broke off once words of it were sent, so that none stand there twice', async () => {
  const provider = await startModelServer();
  try {
    const settings = { baseUrls: { 'openai-compatible': `${provider.url}/v1` } };
    await withGateway({ settings }, async ({ gateway }) => {
      await withEndpoint({ gateway, models: ['openai-compatible/x'] }, async ({ post, url }) => {
        provider.answers.push({ broken: 'ends' }, { reply: { text: 'again from the start' } });
        const text = await (await post({ ...hi, stream: true })).text();
        assert.match(text, /model_unavailable/);
        assert.ok(!text.includes('again from'), text);

        provider.answers.splice(0, Infinity, { broken: 'ends' });
        const model = openModel('openai-compatible/default', { baseUrl: url, apiKey: token, fetch });
        await assert.rejects(model.complete(ask(hello)), { code: 'MODEL_UNAVAILABLE' });

        // Nothing was sent yet: the program sees only the try that worked.
        provider.answers.splice(0, Infinity, { error: 'overloaded' }, { reply: { text: 'whole' } });
        const whole = await model.complete(ask(hello));
        assert.deepEqual(whole.parts, [{ kind: 'text', text: 'whole' }]);
      });
    });
  } finally {
    await provider.close();
  }
});
