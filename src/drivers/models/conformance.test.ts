import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { ErrorCode } from '../../base/errors.ts';
import { GantryError } from '../../base/errors.ts';
import type { Model, ModelMessage, ModelPart, ModelRequest, ModelTool } from '../../resources/ports/model.ts';
import {
  startModelServer,
  type ModelServer,
  type ModelServerAnswer,
} from '../../../test/support/model-server.ts';
import type { ServedReply } from '../../../test/support/model-wire/wire.ts';
import { until } from '../../../test/support/until.ts';
import { openModel } from './index.ts';

const key = 'sk-canary-4f1c9a77';

/** One way to reach a model, and what it can't do by the nature of its protocol. */
interface Subject {
  readonly title: string;
  readonly model: string;
  /** The base URL below the server's address; null for the script. */
  readonly base: string | null;
  readonly keyHeader?: string;
  readonly no?: readonly ('reasoning-note' | 'raw-input' | 'cache-write' | 'reasoning' | 'cache-read')[];
}

const subjects: readonly Subject[] = [
  { title: 'scripted', model: 'scripted', base: null },
  {
    title: 'openai (chat)',
    model: 'openai/gpt-4.1',
    base: '/v1',
    keyHeader: 'authorization',
    no: ['reasoning', 'reasoning-note', 'cache-write'],
  },
  {
    title: 'openai (responses)',
    model: 'openai/gpt-5',
    base: 'official',
    keyHeader: 'authorization',
    no: ['cache-write'],
  },
  { title: 'anthropic', model: 'anthropic/claude-sonnet-4-5', base: '', keyHeader: 'x-api-key' },
  {
    title: 'google',
    model: 'google/gemini-2.5-pro',
    base: '/v1beta',
    keyHeader: 'x-goog-api-key',
    no: ['raw-input', 'cache-write'],
  },
  {
    title: 'openrouter',
    model: 'openrouter/meta/llama-4',
    base: '/v1',
    keyHeader: 'authorization',
    no: ['cache-write'],
  },
  ...(['deepseek/deepseek-chat', 'openai-compatible/qwen3:8b'] as const).map((model) => ({
    title: model,
    model,
    base: '/v1',
    keyHeader: 'authorization',
    no: ['reasoning-note', 'cache-write'] as const,
  })),
];

const codes = {
  key: 'MODEL_KEY_REFUSED',
  model: 'MODEL_UNKNOWN',
  rate: 'MODEL_RATE_LIMITED',
  overloaded: 'MODEL_UNAVAILABLE',
  'too-long': 'MODEL_TOO_LONG',
  'no-money': 'MODEL_KEY_REFUSED',
  'bad-request': 'MODEL_REPLY_INVALID',
} as const satisfies Record<string, ErrorCode>;

const readTool: ModelTool = {
  name: 'read',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};
const answerSchema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

let server: ModelServer;
before(async () => {
  server = await startModelServer();
});
after(() => server.close());

/** The subject's model, which gets these answers. */
function open(subject: Subject, answers: readonly ModelServerAnswer[]): Model {
  if (subject.base === null) return openModel(subject.model, { fetch }, scriptOf(answers));
  server.answers.length = 0;
  server.requests.length = 0;
  server.answers.push(...answers);
  if (subject.base === 'official') {
    // The same as to api.openai.com, but for where it goes.
    const there: typeof fetch = (input, init) =>
      fetch(String(input).replace('https://api.openai.com', server.url), init);
    return openModel(subject.model, { apiKey: key, fetch: there });
  }
  return openModel(subject.model, { apiKey: key, baseUrl: `${server.url}${subject.base}`, fetch });
}

function scriptOf(answers: readonly ModelServerAnswer[]) {
  return {
    turns: answers.map((answer) => {
      if ('reply' in answer) return turnOf(answer.reply);
      if ('error' in answer) return { error: codes[answer.error], retryAfterSeconds: 7 };
      return { text: 'late', delayMs: 3_600_000 };
    }),
  };
}

function turnOf({ reasoning, text, refusal, calls, finish }: ServedReply) {
  return {
    ...(reasoning !== undefined && { reasoning }),
    ...((text ?? refusal) !== undefined && { text: text ?? refusal }),
    ...(calls && { calls }),
    ...(finish === 'length' && { finish }),
    ...((finish === 'filtered' || refusal !== undefined) && { finish: 'refused' }),
    tokens: { input: 100, cacheRead: 40, cacheWrite: 10, output: 30 },
  };
}

function ask(messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages, maxOutputTokens: 1000, turn: 0, signal: new AbortController().signal, ...more };
}

const hello: readonly ModelMessage[] = [
  { role: 'system', text: 'You are brief.' },
  { role: 'user', text: 'Hello' },
];

const textOf = (parts: readonly ModelPart[]) =>
  parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');

for (const subject of subjects) {
  const cannot = (what: NonNullable<Subject['no']>[number]) => subject.no?.includes(what) ?? false;
  const overHttp = (t: TestContext) => {
    if (subject.base !== null) return true;
    t.skip('a script has no connection that could break');
    return false;
  };

  describe(subject.title, () => {
    test('says what it was told to say, and the pieces are the whole', async () => {
      const text = 'Größe: 🙂🚀 “ok” — 日本語のテキスト, twice: Größe: 🙂🚀';
      const model = open(subject, [{ reply: { text }, pieceBytes: 5 }]);
      const pieces: string[] = [];
      const reply = await model.complete(
        ask(hello, { onDelta: ({ kind, text }) => kind === 'text' && pieces.push(text) }),
      );
      assert.equal(textOf(reply.parts), text);
      assert.equal(pieces.join(''), text);
      assert.ok(pieces.length > 1);
      assert.equal(reply.finish, 'stop');
      assert.deepEqual(reply.tokens, {
        input: 100,
        cacheRead: cannot('cache-read') ? 0 : 40,
        cacheWrite: cannot('cache-write') ? 0 : 10,
        output: 30,
      });
      assert.notEqual(reply.answeredBy, '');
      if (subject.keyHeader) {
        assert.match(
          String(server.requests[0]?.headers[subject.keyHeader]),
          new RegExp(`^(Bearer )?${key}$`),
        );
      }
    });

    test('calls several tools at once, and takes their results', async () => {
      const calls = [
        { tool: 'read', input: { path: 'a.ts' } },
        { tool: 'read', input: { path: 'b "quoted" ü.ts' } },
        { tool: 'no_such_tool', input: {} },
      ];
      const model = open(subject, [
        { reply: { text: 'I look.', calls }, pieceBytes: 40 },
        { reply: { text: 'Done' } },
      ]);
      const first = await model.complete(ask(hello, { tools: [readTool] }));
      const called = first.parts.filter((part) => part.kind === 'tool-call');
      assert.equal(first.finish, 'tool-calls');
      assert.deepEqual(
        called.map(({ tool, input }) => ({ tool, input })),
        calls,
      );
      assert.equal(new Set(called.map(({ callId }) => callId)).size, 3);
      const results = called.map(({ callId, tool }, index): ModelMessage => ({
        role: 'tool',
        callId,
        tool,
        text: `result ${index}`,
        failed: index === 2,
      }));
      const second = await model.complete(
        ask([...hello, { role: 'assistant', parts: first.parts }, ...results], {
          tools: [readTool],
          turn: 1,
        }),
      );
      assert.equal(textOf(second.parts), 'Done');
      if (subject.base === null) return;
      const sent = JSON.stringify(server.requests[1]?.body);
      for (const part of ['result 0', 'result 1', 'result 2', 'no_such_tool', 'Reads a file.']) {
        assert.ok(sent.includes(part), `${part} was not sent`);
      }
    });

    test('hands its reasoning back as the provider wants it', async (t) => {
      if (cannot('reasoning')) return t.skip('the protocol tells no reasoning');
      const model = open(subject, [
        {
          reply: {
            reasoning: 'First I think, then I call.',
            signature: 'sealed-c2VhbGVk',
            calls: [{ tool: 'read', input: { path: 'a' } }],
          },
        },
        { reply: { text: 'Done' } },
      ]);
      const pieces: string[] = [];
      const first = await model.complete(
        ask(hello, {
          tools: [readTool],
          onDelta: ({ kind, text }) => kind === 'reasoning' && pieces.push(text),
        }),
      );
      const thought = first.parts.find(({ kind }) => kind === 'reasoning');
      assert.ok(thought?.kind === 'reasoning' && thought.text === 'First I think, then I call.');
      assert.equal(pieces.join(''), thought.text);
      // What is recorded is JSON.
      const parts: ModelPart[] = JSON.parse(JSON.stringify(first.parts));
      const called = parts.find((part) => part.kind === 'tool-call');
      assert.ok(called?.kind === 'tool-call');
      const { callId, tool } = called;
      await model.complete(
        ask(
          [...hello, { role: 'assistant', parts }, { role: 'tool', callId, tool, text: 'x', failed: false }],
          {
            tools: [readTool],
            turn: 1,
          },
        ),
      );
      if (subject.base === null || cannot('reasoning-note')) return;
      assert.ok(JSON.stringify(server.requests[1]?.body).includes('sealed-c2VhbGVk'));
    });

    test('answers with a value of the schema that it was given', async () => {
      const text = JSON.stringify({ answer: 'yes' });
      const model = open(subject, [{ reply: { text } }]);
      const reply = await model.complete(
        ask(hello, { outputSchema: { name: 'answer', schema: answerSchema } }),
      );
      assert.deepEqual(JSON.parse(textOf(reply.parts)), { answer: 'yes' });
      if (subject.base === null) return;
      assert.ok(
        JSON.stringify(server.requests[0]?.body).includes('additionalProperties'),
        'the schema was not sent',
      );
    });

    test('gives a tool input that is no JSON as the text it is', async (t) => {
      if (cannot('raw-input')) return t.skip('the protocol has values in place of JSON text');
      const model = open(subject, [
        { reply: { calls: [{ tool: 'read', input: '{"path": "a' }] } },
        { reply: { text: 'ok' } },
      ]);
      const { parts } = await model.complete(ask(hello, { tools: [readTool] }));
      const [call] = parts;
      assert.ok(call?.kind === 'tool-call');
      assert.equal(call.input, '{"path": "a');
      const { callId, tool } = call;
      await model.complete(
        ask(
          [
            ...hello,
            { role: 'assistant', parts },
            { role: 'tool', callId, tool, text: 'no JSON', failed: true },
          ],
          { tools: [readTool], turn: 1 },
        ),
      );
    });

    test('says why it ended', async () => {
      const ends = [
        [{ text: 'cut he', finish: 'length' }, 'length'],
        [{ text: 'I ca', finish: 'filtered' }, 'refused'],
        [{ refusal: 'I cannot help with that.' }, 'refused'],
        [{}, 'stop'],
      ] as const satisfies readonly (readonly [ServedReply, string])[];
      for (const [reply, finish] of ends) {
        const got = await open(subject, [{ reply }]).complete(ask(hello));
        assert.equal(got.finish, finish, JSON.stringify(reply));
      }
    });

    test('says of each error what it is, and never the key', async () => {
      for (const kind of Object.keys(codes) as (keyof typeof codes)[]) {
        const model = open(subject, [{ error: kind, headers: { 'retry-after': '7' } }]);
        const error = await model.complete(ask(hello)).then(
          () => assert.fail(`${kind} did not fail`),
          (error: unknown) => error,
        );
        assert.ok(error instanceof GantryError, String(error));
        assert.equal(error.code, codes[kind], `${kind}: ${error.message}`);
        if (kind === 'rate') assert.equal(error.retryAfterSeconds, 7);
        for (let each: unknown = error; each instanceof Error; each = each.cause) {
          assert.ok(
            !`${each.message} ${each.stack} ${JSON.stringify(each)}`.includes(key),
            'the key was told',
          );
        }
      }
    });

    test('stops when it is told to, and lets go of the connection', async () => {
      for (const how of ['hang', 'silence'] as const) {
        const model = open(subject, [{ broken: how }]);
        const stop = new AbortController();
        const left = server.left;
        const asked = model.complete(ask(hello, { signal: stop.signal }));
        if (subject.base !== null) await until(() => server.requests.length === 1);
        const reason = new Error('enough');
        stop.abort(reason);
        await assert.rejects(asked, (error) => error === reason);
        if (subject.base !== null) await until(() => server.left > left);
      }
    });

    test('takes a reply that breaks off for none', async (t) => {
      if (!overHttp(t)) return;
      for (const how of ['cut', 'ends', 'error-frame'] as const) {
        await assert.rejects(open(subject, [{ broken: how }]).complete(ask(hello)), (error: GantryError) => {
          assert.equal(error.code, 'MODEL_UNAVAILABLE', `${how}: ${error.message}`);
          return true;
        });
      }
    });

    test('takes nonsense for nonsense', async (t) => {
      if (!overHttp(t)) return;
      const nonsense: readonly ModelServerAnswer[] = [
        { broken: 'garbage' },
        { broken: 'html' },
        { status: 302, headers: { location: `${server.url}/elsewhere` }, body: '' },
      ];
      for (const answer of nonsense) {
        await assert.rejects(open(subject, [answer]).complete(ask(hello)), (error: GantryError) => {
          assert.equal(error.code, 'MODEL_REPLY_INVALID', `${JSON.stringify(answer)}: ${error.message}`);
          return true;
        });
        assert.equal(server.requests.length, 1);
      }
      for (const status of [500, 502, 504]) {
        await assert.rejects(open(subject, [{ status, body: '<html>' }]).complete(ask(hello)), {
          code: 'MODEL_UNAVAILABLE',
        });
      }
    });

    test('takes a large reply, and gives up one without an end', async () => {
      const text = 'ü🙂'.repeat(350_000);
      const reply = await open(subject, [{ reply: { text } }]).complete(ask(hello));
      assert.ok(textOf(reply.parts) === text);
      if (subject.base === null) return;
      await assert.rejects(open(subject, [{ broken: 'endless' }]).complete(ask(hello)), {
        code: 'MODEL_REPLY_INVALID',
        message: /too large/,
      });
    });
  });
}

test('a provider that is not there is unavailable', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  assert.ok(address && typeof address === 'object');
  listener.close();
  await once(listener, 'close');
  const model = openModel('openai-compatible/x', { baseUrl: `http://127.0.0.1:${address.port}/v1`, fetch });
  await assert.rejects(model.complete(ask(hello)), { code: 'MODEL_UNAVAILABLE' });
});
