import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spentByRole } from './spent-by-role.ts';

const spent = (usd: number, tokens = 10) => ({
  ...{ calls: 1, cacheHits: 0, inputTokens: tokens, outputTokens: 1, usd },
});

test('agents of one kind are counted together, and who spent most comes first', () => {
  const roles = spentByRole(
    new Map([
      ['critic 1.1', spent(0.1)],
      ['writer s1.1', spent(1)],
      ['writer s2.1', spent(2)],
      ['describer', spent(0.1, 20)],
    ]),
  );
  assert.deepEqual(roles, [
    { role: 'writer', usd: 3, tokens: 22 },
    { role: 'describer', usd: 0.1, tokens: 21 },
    { role: 'critic', usd: 0.1, tokens: 11 },
  ]);
});
