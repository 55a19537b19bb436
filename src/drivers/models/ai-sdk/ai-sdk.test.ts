import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ModelMessage, ModelPart, ModelRequest } from '../../../resources/ports/model.ts';
import { startModelServer, type ModelServer } from '../../../../test/support/model-server.ts';
import { openAiSdk } from './ai-sdk.ts';

const key = 'sk-canary-77ab';
const tool = {
  name: 'read',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' }, from: { type: 'integer' } } },
};
const strict = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};
const loose = { ...strict, properties: { ...strict.properties, note: { type: 'string' } } };

let server: ModelServer;
before(async () => {
  server = await startModelServer();
});
beforeEach(() => {
  server.requests.length = 0;
});
after(() => server.close());

const said: readonly ModelPart[] = [
  { kind: 'text', text: 'I look.' },
  { kind: 'tool-call', callId: 'c1', tool: 'read', input: { path: 'a' } },
];
const talk: readonly ModelMessage[] = [
  { role: 'system', text: 'Be brief.' },
  { role: 'system', text: 'Be kind.' },
  { role: 'user', text: 'Hello' },
  { role: 'assistant', parts: said },
  { role: 'tool', callId: 'c1', tool: 'read', text: 'no such file\n', failed: true },
];

function ask(more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: talk, maxOutputTokens: 321, turn: 1, signal: new AbortController().signal, ...more };
}

/** The request that a call makes at the given place. */
async function sent(model: Parameters<typeof openAiSdk>, request: ModelRequest) {
  await openAiSdk(...model).complete(request);
  const [made] = server.requests.splice(0);
  assert.ok(made);
  return made;
}

const at = (base: string) => ({ baseUrl: `${server.url}${base}`, apiKey: key, fetch });
const official = (host: string) => ({
  apiKey: key,
  fetch: ((input, init) => fetch(String(input).replace(`https://${host}`, server.url), init)) as typeof fetch,
});

test('asks Anthropic to keep what stands before the last instruction and the last message', async () => {
  const made = await sent(['anthropic', 'claude-sonnet-4-5', at('')], ask({ tools: [tool] }));
  assert.equal(made.path, '/v1/messages');
  assert.equal(made.headers['x-api-key'], key);
  assert.equal(made.headers.authorization, undefined);
  assert.deepEqual(made.at('system'), [
    { type: 'text', text: 'Be brief.' },
    { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } },
  ]);
  assert.deepEqual(made.at('messages', -1, 'content'), [
    {
      type: 'tool_result',
      tool_use_id: 'c1',
      content: 'no such file\n',
      is_error: true,
      cache_control: { type: 'ephemeral' },
    },
  ]);
  assert.deepEqual(made.at('tools', 0, 'input_schema'), tool.inputSchema);
  assert.equal(made.at('max_tokens'), 321);
  // The address as other programs have it, with the version, is as good.
  assert.equal((await sent(['anthropic', 'claude-sonnet-4-5', at('/v1/')], ask())).path, '/v1/messages');
});

test('leaves nothing of a conversation at OpenAI, and asks others by chat completions', async () => {
  const made = await sent(
    ['openai', 'gpt-5', official('api.openai.com')],
    ask({ tools: [tool], temperature: 1 }),
  );
  assert.equal(made.path, '/v1/responses');
  assert.equal(made.at('store'), false);
  assert.deepEqual(made.at('include'), ['reasoning.encrypted_content']);
  assert.equal(made.at('tools', 0, 'strict'), false);
  assert.equal(made.at('input', -1, 'output'), 'no such file\n');

  const chat = await sent(
    ['openai', 'gpt-4.1', at('/proxy/v1')],
    ask({ tools: [tool], toolChoice: 'required' }),
  );
  assert.equal(chat.path, '/proxy/v1/chat/completions');
  assert.equal(chat.headers.authorization, `Bearer ${key}`);
  assert.equal(chat.at('store'), undefined);
  assert.equal(chat.at('tool_choice'), 'required');
  assert.deepEqual(chat.at('messages', -1), {
    role: 'tool',
    tool_call_id: 'c1',
    content: 'no such file\n',
  });
});

test('asks for structured output as each provider takes it', async () => {
  const wanted = (schema: Record<string, unknown>) => ask({ outputSchema: { name: 'answer', schema } });
  const format = ['response_format', 'json_schema', 'strict'] as const;
  const compatible = async (schema: Record<string, unknown>) =>
    sent(['openai-compatible', 'qwen3:8b', at('/v1')], wanted(schema));
  assert.equal((await compatible(strict)).at(...format), true);
  assert.equal((await compatible(loose)).at(...format), false);
  assert.deepEqual((await compatible(loose)).at('response_format', 'json_schema', 'schema'), loose);

  const deepseek = await sent(['deepseek', 'deepseek-chat', at('/v1')], wanted(strict));
  assert.deepEqual(deepseek.at('response_format'), { type: 'json_object' });
  assert.match(String(deepseek.at('messages', 2, 'content')), /JSON Schema.*"answer"/);
  assert.equal(deepseek.at('messages', 2, 'role'), 'system');

  const google = await sent(['google', 'gemini-2.5-pro', at('/v1beta')], wanted(strict));
  assert.equal(google.at('generationConfig', 'responseMimeType'), 'application/json');
  assert.deepEqual(google.at('systemInstruction', 'parts'), [{ text: 'Be brief.' }, { text: 'Be kind.' }]);
});

test('sends no key to a server that needs none, and says what is missing otherwise', async () => {
  const local = await sent(['openai-compatible', 'qwen3:8b', { baseUrl: `${server.url}/v1`, fetch }], ask());
  assert.equal(local.headers.authorization, undefined);
  await assert.rejects(openAiSdk('openai-compatible', 'x', { fetch }).complete(ask()), {
    code: 'MODEL_UNKNOWN',
    message: /Set OPENAI_BASE_URL/,
  });
  // What the environment holds is not looked at: the configuration says what counts.
  process.env['ANTHROPIC_API_KEY'] = 'sk-of-the-environment';
  try {
    await assert.rejects(openAiSdk('anthropic', 'x', { fetch }).complete(ask()), {
      code: 'MODEL_KEY_REFUSED',
      message: /Set ANTHROPIC_API_KEY/,
    });
    const made = await sent(['anthropic', 'x', { baseUrl: server.url, fetch }], ask());
    assert.notEqual(made.headers['x-api-key'], 'sk-of-the-environment');
  } finally {
    delete process.env['ANTHROPIC_API_KEY'];
  }
});

test('takes instructions in the middle of a conversation anywhere', async () => {
  const messages: readonly ModelMessage[] = [...talk, { role: 'system', text: 'Now hurry.' }];
  for (const [provider, base] of [
    ['google', '/v1beta'],
    ['anthropic', ''],
    ['openrouter', '/v1'],
  ] as const) {
    const made = await sent([provider, 'x', at(base)], ask({ messages }));
    assert.match(JSON.stringify(made.body), /"user".*Now hurry/);
  }
});

test('another provider goes on with a conversation, whatever the first one noted in it', async () => {
  const parts: readonly ModelPart[] = [
    { kind: 'reasoning', text: 'Hm.', note: { anthropic: { signature: 'sealed' } } },
    {
      kind: 'tool-call',
      callId: 'c1',
      tool: 'read',
      input: 'no JSON',
      note: { google: { thoughtSignature: 's' } },
    },
  ];
  const messages = talk.map((message) => (message.role === 'assistant' ? { ...message, parts } : message));
  const models = [
    ['openai', 'gpt-5', official('api.openai.com')],
    ['anthropic', 'claude-sonnet-4-5', at('')],
    ['google', 'gemini-2.5-pro', at('/v1beta')],
    ['deepseek', 'deepseek-chat', at('/v1')],
  ] as const;
  for (const model of models) {
    const made = await sent([...model], ask({ messages, tools: [tool] }));
    assert.match(JSON.stringify(made.body), /no such file/);
  }
});

test('waits as long as the provider says, in each of the ways to say it', async () => {
  const ways = [
    [{ error: 'rate', headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() } }, [85, 91]],
    [{ error: 'rate', headers: { 'retry-after-ms': '1500' } }, [2, 2]],
    [{ error: 'overloaded', headers: { 'retry-after': '3' } }, [3, 3]],
    [{ error: 'rate' }, [13, 13]],
  ] as const;
  for (const [answer, [least, most]] of ways) {
    server.answers.push(answer);
    await assert.rejects(
      openAiSdk('google', 'gemini-2.5-pro', at('/v1beta')).complete(ask()),
      (error: Error) => {
        const seconds = 'retryAfterSeconds' in error ? Number(error.retryAfterSeconds) : Number.NaN;
        return seconds >= least && seconds <= most;
      },
    );
  }
});

test('takes input that is nested beyond reading for text, which can be stored and sent again', async () => {
  const deep = `{"path":"[","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  const fine = '{"path":"[[[{{{\\\"[["}';
  const calls = [deep, fine].map((input) => ({ tool: 'read', input }));
  server.answers.push({ reply: { calls, usage: null } });
  const [text, object] = (await openAiSdk('deepseek', 'x', at('/v1')).complete(ask({ tools: [tool] }))).parts;
  assert.equal(text?.kind === 'tool-call' && text.input, deep);
  assert.deepEqual(object?.kind === 'tool-call' && object.input, { path: '[[[{{{"[[' });
});

test('gives each call of a reply an id of its own, whatever the server calls it', async () => {
  const frame = (index: number, id: string) => ({ index, id, function: { name: 'read', arguments: '{}' } });
  const ids = ['same', 'same', 'x'.repeat(5000), 'other'];
  const delta = { tool_calls: ids.map((id, index) => frame(index, id)) };
  const choice = (more: object) =>
    `data: ${JSON.stringify({ id: '1', model: 'x', choices: [{ index: 0, ...more }] })}\n\n`;
  const body = `${choice({ delta })}${choice({ delta: {}, finish_reason: 'tool_calls' })}data: [DONE]\n\n`;
  server.answers.push({ status: 200, headers: { 'content-type': 'text/event-stream' }, body });
  const { parts } = await openAiSdk('deepseek', 'x', at('/v1')).complete(ask({ tools: [tool] }));
  const given = parts.flatMap((part) => (part.kind === 'tool-call' ? [part.callId] : []));
  assert.equal(new Set(given).size, 4);
  assert.deepEqual([given[0], given[3]], ['same', 'other']);
  assert.ok(given.every((id) => id.length <= 64));
});

test('sends no name and no id of a call that a provider would refuse the conversation for', async () => {
  const callId = `toolu:1/${'x'.repeat(100)}`;
  const bad = { callId, tool: 'functions.re ad\u0000' } as const;
  const messages: readonly ModelMessage[] = [
    { role: 'user', text: 'Hello' },
    { role: 'assistant', parts: [{ ...bad, kind: 'tool-call', input: {} }] },
    { ...bad, role: 'tool', text: 'There is no such tool.', failed: true },
  ];
  const { body } = await sent(['anthropic', 'x', at('')], ask({ messages, tools: [tool] }));
  const text = JSON.stringify(body);
  assert.match(text, /"name":"functions_re_ad_"/);
  const [, id = ''] = /"type":"tool_use","id":"([\w-]+)"/.exec(text) ?? [];
  assert.ok(text.includes(`"tool_use_id":"${id}"`) && id.length === 32, text);
});

test('counts by length what a server does not count', async () => {
  server.answers.push({ reply: { text: 'x'.repeat(400), usage: null } });
  const { tokens } = await openAiSdk('openai-compatible', 'x', at('/v1')).complete(ask());
  assert.ok(tokens.output >= 100 && tokens.input > 20, JSON.stringify(tokens));
});

test('takes a whole reply from a server that does not stream', async () => {
  const model = openAiSdk('openai-compatible', 'x', at('/v1'));
  const whole = (body: unknown) =>
    server.answers.push({
      status: 200,
      body: typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    });
  const call = (name: string, text: string) => ({
    id: `id-${name}`,
    type: 'function',
    function: { name, arguments: text },
  });
  whole({
    id: '1',
    model: 'x-1',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Größe\n🙂',
          tool_calls: [call('read', '{"path":"a"}'), call('list', '')],
        },
      },
    ],
    usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
  });
  assert.deepEqual(await model.complete(ask({ tools: [tool] })), {
    parts: [
      { kind: 'text', text: 'Größe\n🙂' },
      { kind: 'tool-call', callId: 'id-read', tool: 'read', input: { path: 'a' } },
      { kind: 'tool-call', callId: 'id-list', tool: 'list', input: {} },
    ],
    finish: 'tool-calls',
    tokens: { input: 9, cacheRead: 0, cacheWrite: 0, output: 4 },
    answeredBy: 'x-1',
  });
  for (const [body, code] of [
    ['{"choices": [', 'MODEL_REPLY_INVALID'],
    ['"hello"', 'MODEL_REPLY_INVALID'],
    ['', 'MODEL_REPLY_INVALID'],
    [{ choices: [] }, 'MODEL_UNAVAILABLE'],
    [{ error: { message: 'Provider overloaded', code: 503 } }, 'MODEL_UNAVAILABLE'],
  ] as const) {
    whole(body);
    await assert.rejects(model.complete(ask()), { code }, JSON.stringify(body));
  }
});

test('hands the sealed reasoning of models behind OpenRouter back whole, and to nobody else', async () => {
  server.answers.push({
    reply: { reasoning: 'A thought of some length.', signature: 'seal', text: 'I look.' },
  });
  const { parts } = await openAiSdk('openrouter', 'google/gemini-3', at('/v1')).complete(ask());
  server.requests.length = 0;
  const messages = talk.map((message) => (message.role === 'assistant' ? { ...message, parts } : message));
  const same = await sent(['openrouter', 'google/gemini-3', at('/v1')], ask({ messages }));
  assert.deepEqual(same.at('messages', 3, 'reasoning_details'), [
    { type: 'reasoning.text', text: 'A thought of some length.', index: 0 },
    { type: 'reasoning.encrypted', data: 'seal', index: 1 },
  ]);
  const other = await sent(['deepseek', 'deepseek-chat', at('/v1')], ask({ messages }));
  assert.equal(other.at('messages', 3, 'reasoning_details'), undefined);
});

test('asks for more or less thinking as each provider takes it, within the tokens of the answer', async () => {
  const high = ask({ effort: 'high', maxOutputTokens: 10_000 });
  const place = async (model: Parameters<typeof openAiSdk>, request: ModelRequest, ...at: string[]) =>
    (await sent(model, request)).at(...at);
  const openai = official('api.openai.com');
  assert.equal(await place(['openai', 'gpt-5', openai], high, 'reasoning', 'effort'), 'high');
  assert.equal(await place(['openai', 'gpt-5', openai], ask(), 'reasoning', 'effort'), undefined);
  assert.equal(await place(['openai', 'gpt-5', at('/v1')], high, 'reasoning_effort'), 'high');
  assert.equal(await place(['openai-compatible', 'qwen3', at('/v1')], high, 'reasoning_effort'), 'high');
  assert.deepEqual(await place(['openrouter', 'a/b', at('/v1')], high, 'reasoning'), { effort: 'high' });
  const deepseek = await sent(['deepseek', 'deepseek-chat', at('/v1')], high);
  assert.doesNotMatch(JSON.stringify(deepseek.body), /effort/);

  const older = await sent(['anthropic', 'claude-sonnet-4-5', at('')], high);
  assert.deepEqual(older.at('thinking'), { type: 'enabled', budget_tokens: 6000 });
  assert.equal(older.at('max_tokens'), 10_000);
  const newer = await sent(['anthropic', 'claude-sonnet-5-5', at('')], high);
  assert.deepEqual(newer.at('thinking'), { type: 'adaptive' });
  assert.equal(newer.at('output_config', 'effort'), 'high');
  assert.equal(newer.at('max_tokens'), 10_000);
  const forced = ask({ effort: 'low', tools: [tool], toolChoice: 'required', maxOutputTokens: 10_000 });
  assert.equal(await place(['anthropic', 'claude-sonnet-4-5', at('')], forced, 'thinking'), undefined);
  const short = ask({ effort: 'low', maxOutputTokens: 1500 });
  assert.equal(await place(['anthropic', 'claude-sonnet-4-5', at('')], short, 'max_tokens'), 1500);

  const thinking = ['generationConfig', 'thinkingConfig'];
  assert.deepEqual(await place(['google', 'gemini-2.5-pro', at('/v1beta')], high, ...thinking), {
    thinkingBudget: 6000,
  });
  assert.deepEqual(await place(['google', 'gemini-3-pro-preview', at('/v1beta')], high, ...thinking), {
    thinkingLevel: 'high',
  });
});
