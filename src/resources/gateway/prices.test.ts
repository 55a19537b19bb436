import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtModels } from '../doctor/models.ts';
import { inputAtMost } from './estimate.ts';
import { costAtMost, createPrices } from './prices.ts';
import { sizeOf } from './sizes.ts';

const million = 1_000_000;
const tokens = (input: number, output: number, cacheRead = 0, cacheWrite = 0) => ({
  input: input * million,
  output: output * million,
  cacheRead: cacheRead * million,
  cacheWrite: cacheWrite * million,
});
const near = (actual: number | undefined, expected: number) =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);

test('prices of the table count what the provider’s cache reads and writes', async () => {
  const { price, contextTokens } = await createPrices([]).of('anthropic/claude-sonnet-4-20250514');
  assert.ok(price);
  assert.deepEqual(price.perMillion, { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 });
  assert.deepEqual([price.from, contextTokens], ['table', 200_000]);
  near(price.cost(tokens(0.1, 0.01)), 0.1 * 3 + 0.01 * 15);
  near(price.cost(tokens(0.1, 0, 0.06, 0.03)), 0.01 * 3 + 0.06 * 0.3 + 0.03 * 3.75);
  near(price.cost(tokens(0.1, 0, 9, 9)), 0.1 * 0.3);
  near(costAtMost(price, 100_000, 10_000), 0.1 * 3.75 + 0.01 * 15);
});

test('a long conversation costs what the table says for long ones', async () => {
  const { price } = await createPrices([]).of('google/gemini-2.5-pro');
  near(price?.cost(tokens(0.1, 0.01)), 0.1 * 1.25 + 0.01 * 10);
  near(price?.cost(tokens(0.3, 0.01)), 0.3 * 2.5 + 0.01 * 15);
});

test('what the operator says goes over the table, the exact name before a pattern', async () => {
  const prices = createPrices([
    'openai-compatible/*=0',
    'openai-compatible/big=1/2',
    'openai/gpt-5=2/8/0.5/3',
  ]);
  const costs = async (model: string) => (await prices.of(model)).price?.cost(tokens(1, 1));
  assert.deepEqual([await costs('openai-compatible/llama3'), await costs('openai-compatible/big')], [0, 3]);
  const { price } = await prices.of('openai/gpt-5');
  assert.equal(price?.from, 'setting');
  near(price?.cost(tokens(1, 1, 0.5, 0.25)), 0.25 * 2 + 0.5 * 0.5 + 0.25 * 3 + 8);
});

test('a model that nobody knows has no price, and a script costs nothing', async () => {
  const prices = createPrices([]);
  for (const model of ['openai/no-such-model', 'openai-compatible/llama3', 'openrouter/who/knows']) {
    assert.equal((await prices.of(model)).price, null, model);
  }
  assert.equal((await prices.of('scripted')).price?.cost(tokens(1, 1)), 0);
});

test('sizes are those that are set, else known, else cautious', async () => {
  const contextOf = async (model: string) => (await createPrices([]).of(model)).contextTokens;
  const size = async (model: string, set: string[] = []) => {
    const { contextTokens, maxOutputTokens } = sizeOf(model, set, await contextOf(model));
    return [contextTokens, maxOutputTokens];
  };
  assert.deepEqual(await size('openai-compatible/llama3'), [32_768, 4096]);
  assert.deepEqual(await size('openai-compatible/llama3', ['openai-compatible/*=8192/1000']), [8192, 1000]);
  assert.deepEqual(await size('openai-compatible/llama3', ['openai-compatible/*=2000']), [2000, 2000]);
  assert.deepEqual(await size('openrouter/anthropic/claude-sonnet-4:beta'), [200_000, 16_384]);
  assert.deepEqual(await size('anthropic/claude-3-opus-20240229'), [200_000, 4096]);
  assert.equal((await size('google/gemini-2.5-pro'))[0], 1_000_000);
});

test('an estimate goes by what the provider counted last', () => {
  const request = {
    messages: [{ role: 'user', text: '' }] as const,
    maxOutputTokens: 1,
    turn: 0,
    signal: new AbortController().signal,
  };
  const fresh = inputAtMost(request, 30_000, undefined);
  assert.ok(fresh >= 10_000 && fresh < 10_200);
  const next = inputAtMost(request, 30_300, { bytes: 30_000, tokens: 6000 });
  assert.ok(next >= 6100 && next < 6300);
  assert.equal(inputAtMost(request, 29_999, { bytes: 30_000, tokens: 6000 }) >= 10_000, true);
});

test('the doctor says how to come to a model', () => {
  const look = (model: string | undefined, keys = {}, baseUrls = {}) =>
    lookAtModels({ model, keys, baseUrls })[0];
  assert.match(look(undefined)?.remedy ?? '', /GANTRY_MODEL.*ANTHROPIC_API_KEY/);
  assert.equal(look('anthropic/claude-x', { anthropic: 'k' })?.state, 'ok');
  assert.equal(look('anthropic/claude-x')?.state, 'gap');
  assert.match(look('openai-compatible/x')?.remedy ?? '', /OPENAI_BASE_URL/);
  assert.equal(look('openai-compatible/x', {}, { 'openai-compatible': 'http://x' })?.state, 'ok');
  assert.equal(look('gpt-5')?.state, 'missing');
});
