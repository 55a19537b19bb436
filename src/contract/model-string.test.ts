import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseModel } from './model-string.ts';

test('takes model strings apart', () => {
  assert.deepEqual(parseModel('anthropic/claude-sonnet-4-5'), {
    provider: 'anthropic',
    name: 'claude-sonnet-4-5',
  });
  assert.deepEqual(parseModel('openrouter/anthropic/claude-sonnet-4.5:beta'), {
    provider: 'openrouter',
    name: 'anthropic/claude-sonnet-4.5:beta',
  });
  assert.deepEqual(parseModel('openai-compatible/qwen3:8b').provider, 'openai-compatible');
  assert.deepEqual(parseModel('scripted:./demo turns.yaml'), {
    provider: 'scripted',
    name: './demo turns.yaml',
  });
  assert.deepEqual(parseModel('scripted'), { provider: 'scripted', name: '' });
});

test('says which providers there are when one is unknown', () => {
  for (const model of ['gpt-5', 'mistral/large', '', '/x', 'OpenAI/gpt-5']) {
    assert.throws(() => parseModel(model), { code: 'MODEL_UNKNOWN', message: /openai, anthropic, google/ });
  }
});

test('takes no name that could change the address of a request', () => {
  for (const name of ['', '../../x', 'a?key=b', 'a b', 'a\nb', 'a#b', '/x', 'x'.repeat(201), 'a/../b', 'é']) {
    assert.throws(() => parseModel(`google/${name}`), { code: 'MODEL_UNKNOWN' });
  }
  for (const name of ['a\0b', 'a\nb', '\ud800', 'a\u202eb', 'x'.repeat(201)])
    assert.throws(() => parseModel(`scripted:${name}`), { code: 'MODEL_UNKNOWN' });
});
