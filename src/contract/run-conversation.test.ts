import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventBody } from './event.ts';
import { addToConversation, createConversation, loseConversation } from './run-conversation.ts';

const agent = 'ask';
const answered = {
  inputTokens: 10,
  cachedTokens: 0,
  outputTokens: 5,
  usd: 0.5,
  fromCache: false,
  finish: 'stop',
  durationMs: 1,
};

function fold(bodies: readonly EventBody[], conversation = createConversation()) {
  for (const [index, body] of bodies.entries()) {
    const event = { ...body, runId: 'r', seq: index + 1, at: '2026-01-01T00:00:00.000Z' } as Event;
    addToConversation(conversation, event);
  }
  return conversation;
}

test('pieces of what a model says are joined by turn, and tools stand with the turn that called them', () => {
  const { entries, spent, changed } = fold([
    { type: 'said', data: { agent, turn: 0, kind: 'reasoning', text: 'Let me ' } },
    { type: 'said', data: { agent, turn: 0, kind: 'reasoning', text: 'look.' } },
    { type: 'said', data: { agent, turn: 0, kind: 'text', text: 'I read it.' } },
    { type: 'model', data: { agent, turn: 0, purpose: 'turn', model: 'm/x', ...answered } },
    {
      type: 'tool.called',
      data: { agent, turn: 0, callId: 'a', tool: 'edit', title: 'edit a.ts', input: '{}' },
    },
    {
      type: 'tool.answered',
      data: {
        ...{ agent, turn: 0, callId: 'a', tool: 'edit', failed: false, text: 'done', durationMs: 3 },
        ...{ checkpoint: 'c1', changes: [{ path: 'a.ts', status: 'modified', added: 1, removed: 2 }] },
      },
    },
    { type: 'told', data: { text: 'Also the tests.', by: 'u' } },
    { type: 'said', data: { agent, turn: 1, kind: 'text', text: 'Yes.' } },
  ]);
  assert.deepEqual(
    entries.map((entry) =>
      entry.kind === 'turn' ? [entry.reasoning, entry.text, entry.tools.length] : entry.text,
    ),
    [['Let me look.', 'I read it.', 1], 'Also the tests.', ['', 'Yes.', 0]],
  );
  const [first] = entries;
  assert.equal(first?.kind === 'turn' && first.tools[0]?.state, 'done');
  assert.deepEqual(spent, { calls: 1, cacheHits: 0, inputTokens: 10, outputTokens: 5, usd: 0.5 });
  assert.deepEqual([...changed.keys()], ['a.ts']);
});

test('a call that is made again takes back what it had said', () => {
  const { entries } = fold([
    { type: 'said', data: { agent, turn: 0, kind: 'text', text: 'Half of' } },
    { type: 'said', data: { agent, turn: 0, kind: 'text', text: 'All of it', again: true } },
  ]);
  assert.equal(entries[0]?.kind === 'turn' && entries[0].text, 'All of it');
});

test('with a lost worker, a turn that was not answered is empty and its tools are lost; an answered one stays', () => {
  const open = fold([{ type: 'said', data: { agent, turn: 0, kind: 'text', text: 'Half of' } }]);
  loseConversation(open);
  assert.equal(open.entries[0]?.kind === 'turn' && open.entries[0].text, '');
  const working = fold([
    { type: 'said', data: { agent, turn: 0, kind: 'text', text: 'Whole' } },
    { type: 'model', data: { agent, turn: 0, purpose: 'turn', model: 'm/x', ...answered } },
    { type: 'tool.called', data: { agent, turn: 0, callId: 'a', tool: 'run', title: 'ls', input: '{}' } },
  ]);
  loseConversation(working);
  const [turn] = working.entries;
  assert.deepEqual(turn?.kind === 'turn' && [turn.text, turn.tools[0]?.state], ['Whole', 'lost']);
});

test('two agents of one run keep their own turns', () => {
  const { entries } = fold([
    { type: 'said', data: { agent: 'critic', turn: 0, kind: 'text', text: 'No.' } },
    { type: 'said', data: { agent: 'judge', turn: 0, kind: 'text', text: 'Yes.' } },
  ]);
  assert.deepEqual(
    entries.map((entry) => entry.kind === 'turn' && [entry.agent, entry.text]),
    [
      ['critic', 'No.'],
      ['judge', 'Yes.'],
    ],
  );
});

test('what each agent spent is told apart, whatever it was asked for', () => {
  const model = (of: string, purpose: string): EventBody => ({
    type: 'model',
    data: { agent: of, turn: 0, purpose, model: 'm/x', ...answered },
  });
  const { spent, spentBy } = fold([
    model('writer s1.1', 'turn'),
    model('critic 1.1', 'turn'),
    model('writer s1.1', 'compact'),
  ]);
  assert.deepEqual(
    [...spentBy].map(([name, { calls, usd }]) => [name, calls, usd]),
    [
      ['writer s1.1', 2, 1],
      ['critic 1.1', 1, 0.5],
    ],
  );
  assert.equal(spent.usd, 1.5);
});
