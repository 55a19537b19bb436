import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Actor } from '../../contract/user.ts';
import { createActorCache, type Known } from './actor-cache.ts';

const actor: Actor = { userId: 'u', name: 'Ada', role: 'member' };
const known: Known = { actor, expiresAt: null };

/** A clock to turn by hand, and a count of how often the answer was looked up. */
function watched(answer: () => Promise<Known | null> | Known | null = () => known) {
  const state = { now: 1_000_000, loads: 0 };
  const cache = createActorCache(() => state.now);
  const load = async () => {
    state.loads += 1;
    return answer();
  };
  return { state, cache, ask: (hash = 'a') => cache.through(hash, load) };
}

test('an answer is kept for ten seconds and no longer', async () => {
  const { state, ask } = watched();
  for (let n = 0; n < 3; n++) assert.equal(await ask(), actor);
  state.now += 9999;
  await ask();
  assert.equal(state.loads, 1);
  state.now += 1;
  await ask();
  assert.equal(state.loads, 2);
});

test('an answer is not kept past the end of its credential', async () => {
  const { state, ask } = watched(() => ({ actor, expiresAt: new Date(1_000_500) }));
  await ask();
  state.now += 500;
  await ask();
  assert.equal(state.loads, 2);
});

test('no answer is not kept', async () => {
  const { state, ask } = watched(() => null);
  assert.equal(await ask(), null);
  assert.equal(await ask(), null);
  assert.equal(state.loads, 2);
});

test('what was read before a change was announced is not kept', async () => {
  const { promise, resolve } = Promise.withResolvers<Known>();
  const { state, cache, ask } = watched(() => promise);
  const asked = ask();
  cache.clear();
  resolve(known);
  assert.equal(await asked, actor);
  await ask();
  assert.equal(state.loads, 2);
  await ask();
  assert.equal(state.loads, 2);
});

test('ten thousand answers are kept at most, the oldest goes first', async () => {
  const { state, ask } = watched();
  for (let n = 0; n <= 10_000; n++) await ask(String(n));
  await ask('10000');
  await ask('1');
  assert.equal(state.loads, 10_001);
  await ask('0');
  assert.equal(state.loads, 10_002);
});
