import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnPath } from './return-path.ts';

const origin = 'http://gantry.test:7070';
const to = (path: string) => returnPath(`?to=${encodeURIComponent(path)}`, origin);

test('signing in leads back to where one wanted to go', () => {
  assert.equal(to('/runs/018f?tab=log#step-3'), '/runs/018f?tab=log#step-3');
  assert.equal(returnPath('', origin), '/');
});

test('signing in never leads to another site, and not in a circle', () => {
  const hostile = [
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '/.//evil.test',
    '/..//evil.test',
    '/%2e//evil.test',
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'https://evil.test',
    'http:/evil.test',
    'evil.test',
    `${origin}.evil.test`,
    '',
    '/sign-in?to=/x',
    '/welcome?token=a',
    '/join',
  ];
  for (const path of hostile) {
    const back = to(path);
    assert.equal(new URL(back, origin).origin, origin, path);
    assert.equal(back, '/', path);
  }
  assert.equal(to('/@evil.test'), '/@evil.test');
  assert.equal(new URL(to('/@evil.test'), origin).origin, origin);
});
