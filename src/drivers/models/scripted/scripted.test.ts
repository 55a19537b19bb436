import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ModelMessage, ModelRequest } from '../../../resources/ports/model.ts';
import { openScripted } from './scripted.ts';

const user = (text: string): ModelMessage => ({ role: 'user', text });
const told = (text: string): ModelMessage => ({
  role: 'tool',
  callId: 'call-0-0',
  tool: 'read',
  text,
  failed: false,
});

function request(turn: number, messages: readonly ModelMessage[], more: Partial<ModelRequest> = {}) {
  return { messages, turn, maxOutputTokens: 1000, signal: new AbortController().signal, ...more };
}

test('says each turn of its file, and at the end says that it is one', async () => {
  const model = openScripted(
    'demo.yaml',
    `
turns:
  - reasoning: I should look.
    text: Let me look.
    calls:
      - { tool: read, input: { path: README.md } }
      - { tool: list }
    tokens: { input: 10, cacheRead: 4, output: 5 }
  - text: done
`,
  );
  const pieces: string[] = [];
  const first = await model.complete(
    request(0, [user('go')], { onDelta: ({ kind, text }) => pieces.push(`${kind}:${text}`) }),
  );
  assert.deepEqual(first.parts, [
    { kind: 'reasoning', text: 'I should look.', note: { turn: 0 } },
    { kind: 'text', text: 'Let me look.' },
    { kind: 'tool-call', callId: 'call-0-0', tool: 'read', input: { path: 'README.md' } },
    { kind: 'tool-call', callId: 'call-0-1', tool: 'list', input: {} },
  ]);
  assert.deepEqual(pieces, ['reasoning:I should look.', 'text:Let me look.']);
  assert.deepEqual(first.tokens, { input: 10, cacheRead: 4, cacheWrite: 0, output: 5 });
  assert.equal(first.finish, 'tool-calls');
  assert.equal(first.answeredBy, 'scripted:demo.yaml');
  const second = await model.complete(request(1, [user('go'), told('# Title')]));
  assert.deepEqual(second.parts, [{ kind: 'text', text: 'done' }]);
  assert.equal(second.finish, 'stop');
  await assert.rejects(model.complete(request(2, [user('go')])), {
    code: 'MODEL_REPLY_INVALID',
    message: /at its end: call 3 was made, and the script has 2 turns/,
  });
});

test('repeats a turn as often as it says', async () => {
  const model = openScripted('', {
    turns: [
      { text: 'a', repeat: 2 },
      { text: 'b', repeat: 'forever' },
    ],
  });
  const said = await Promise.all(
    [0, 1, 2, 99].map(async (turn) => (await model.complete(request(turn, [user('go')]))).parts),
  );
  assert.deepEqual(
    said.flat().map((part) => (part.kind === 'text' ? part.text : '')),
    ['a', 'a', 'b', 'b'],
  );
});

test('fails as often as its script says, in each conversation, before it goes on', async () => {
  const script = {
    turns: [
      { text: 'one' },
      { error: 'MODEL_RATE_LIMITED', times: 2, retryAfterSeconds: 3, message: 'Slow down.' },
      { text: 'two' },
    ],
  };
  for (const messages of [[user('one talk')], [user('another talk')]]) {
    const failed = { code: 'MODEL_RATE_LIMITED', retryAfterSeconds: 3, message: 'Slow down.' };
    // The gateway may open the model again for each try.
    await assert.rejects(openScripted('', script).complete(request(1, messages)), failed);
    await assert.rejects(openScripted('', script).complete(request(1, messages)), {
      code: 'MODEL_RATE_LIMITED',
    });
  }
  const model = openScripted('', script);
  const messages = [user('third')];
  assert.equal((await model.complete(request(0, messages))).finish, 'stop');
  for (let times = 0; times < 2; times += 1) {
    await assert.rejects(model.complete(request(1, messages)), { code: 'MODEL_RATE_LIMITED' });
  }
  assert.deepEqual((await model.complete(request(1, messages))).parts, [{ kind: 'text', text: 'two' }]);
});

test('puts what it was told last into its words and calls', async () => {
  const model = openScripted('', {
    turns: [
      { text: 'It says: {{last}}', calls: [{ tool: 'write', input: { files: ['{{last}}'], mode: 1 } }] },
      { json: { answer: '{{last}}', citations: [] } },
      { calls: [{ tool: 'write', input: '{"path": ' }] },
    ],
  });
  const say = async (turn: number) =>
    (await model.complete(request(turn, [user('go'), told('a $& "b"')]))).parts;
  assert.deepEqual(await say(0), [
    { kind: 'text', text: 'It says: a $& "b"' },
    { kind: 'tool-call', callId: 'call-0-0', tool: 'write', input: { files: ['a $& "b"'], mode: 1 } },
  ]);
  assert.deepEqual(await say(1), [
    { kind: 'text', text: JSON.stringify({ answer: 'a $& "b"', citations: [] }) },
  ]);
  assert.deepEqual(await say(2), [
    { kind: 'tool-call', callId: 'call-2-0', tool: 'write', input: '{"path": ' },
  ]);
});

test('refuses to go on when it is not told what its script expects', async () => {
  const model = openScripted('', { turns: [{ when: { matches: '^exit code \\d' }, text: 'ok' }] });
  const spoke: ModelMessage = { role: 'assistant', parts: [{ kind: 'text', text: 'x' }] };
  await model.complete(request(0, [user('go'), spoke, told('exit code 1'), told('other')]));
  await assert.rejects(model.complete(request(0, [told('exit code 1'), spoke, told('no such file')])), {
    code: 'MODEL_REPLY_INVALID',
    message: /expects at call 1 .*exit code.*told: no such file/,
  });
});

test('does not let a script hold up the process or fill its memory', async () => {
  const held = openScripted('', { turns: [{ when: { matches: '^(a+)+$' }, text: 'x' }] });
  await assert.rejects(held.complete(request(0, [user(`${'a'.repeat(60)}!`)])), {
    code: 'MODEL_REPLY_INVALID',
    message: /takes too long/,
  });
  const full = openScripted('', { turns: [{ json: Array.from({ length: 2000 }, () => '{{last}}') }] });
  await assert.rejects(full.complete(request(0, [user('x'.repeat(10_000))])), {
    code: 'MODEL_REPLY_INVALID',
  });
  const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh']) {
    laughs.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(', ')}]`);
  }
  assert.throws(() => openScripted('', `${laughs.join('\n')}\nturns: *h`), { code: 'INPUT_INVALID' });
});

test('speaks a large text in few pieces that are the whole together', async () => {
  const model = openScripted('', { turns: [{ text: { repeat: '🙂x', count: 300_000 } }] });
  const pieces: string[] = [];
  const reply = await model.complete(request(0, [user('go')], { onDelta: ({ text }) => pieces.push(text) }));
  const [part] = reply.parts;
  assert.ok(part?.kind === 'text' && part.text.length === 900_000);
  assert.equal(pieces.join(''), part.text);
  assert.ok(pieces.length <= 50);
});

test('stops at once when it is told to while it waits', async () => {
  const model = openScripted('', { turns: [{ text: 'late', delayMs: 3_600_000 }] });
  const stop = new AbortController();
  const reply = model.complete(request(0, [user('go')], { signal: stop.signal }));
  const reason = new Error('enough');
  stop.abort(reason);
  await assert.rejects(reply, (error) => error === reason);
});

test('takes the scripts among the examples', () => {
  const examples = new URL('../../../../examples/', import.meta.url);
  const scripts = readdirSync(examples).filter((name) => name.startsWith('scripted-'));
  assert.notEqual(scripts.length, 0);
  for (const name of scripts) openScripted(name, readFileSync(new URL(name, examples), 'utf8'));
});

test('names line and field of each mistake of a script', () => {
  const script = `turns:
  - text: fine
  - calls:
      - tool: read
        inputs: { path: x }
    delayMs: -1
  - error: MODEL_TIRED
`;
  assert.throws(
    () => openScripted('', script),
    (error: Error) => {
      assert.match(error.message, /line 4, turns\[1\]\.calls\[0\]: Unrecognized key: "inputs"/);
      assert.match(error.message, /line 6, turns\[1\]\.delayMs/);
      assert.match(error.message, /line 7, turns\[2\]\.error: must be one of MODEL_KEY_REFUSED/);
      return 'code' in error && error.code === 'INPUT_INVALID';
    },
  );
  assert.throws(() => openScripted('', 'turns: [\n  {text: "x"\n'), /line \d/);
  assert.throws(() => openScripted('', 'turns: []'), /turns/);
  assert.throws(() => openScripted('', undefined), { code: 'INPUT_INVALID' });
  assert.throws(() => openScripted('', { turns: [{ text: 'x', when: { matches: '(' } }] }), /when/);
});

test('reads no script whose reading would hold up all others', () => {
  const keys = Array.from({ length: 60_000 }, (_, n) => `k${n}: 1\n`).join('');
  assert.throws(() => openScripted('', keys), { code: 'INPUT_INVALID', message: /larger than 128 KiB/ });
  assert.throws(() => openScripted('', 'turns: []\nturns: []\n'), {
    message: /line 2: Map keys must be unique/,
  });
  const deep = `{"turns":[{"calls":[{"tool":"x","input":${'['.repeat(300_000)}${']'.repeat(300_000)}}]}]}`;
  assert.throws(() => openScripted('', deep), { code: 'INPUT_INVALID', message: /nested too deeply/ });
  const large = JSON.stringify({ turns: [{ text: 'x'.repeat(500_000) }] });
  assert.doesNotThrow(() => openScripted('', large));
});
