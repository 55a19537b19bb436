import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GantryError } from '../../base/errors.ts';
import { assertSameOrigin } from './same-origin.ts';

const baseUrl = 'https://gantry.example:8443';

function passes(headers: Record<string, string>, method = 'POST'): boolean {
  try {
    assertSameOrigin({ method, headers }, baseUrl);
    return true;
  } catch (error) {
    assert.ok(error instanceof GantryError && error.code === 'ORIGIN_REFUSED');
    return false;
  }
}

const cookie = 'gantry_sign_in=x.y';

test('pages of this server pass, by its public address and by the one that was asked', () => {
  assert.ok(passes({ cookie, origin: baseUrl }));
  assert.ok(passes({ cookie, origin: 'http://localhost:7070', host: 'localhost:7070' }));
  assert.ok(passes({ cookie, 'sec-fetch-site': 'same-origin' }));
  assert.ok(passes({ cookie, referer: `${baseUrl}/runs?x=1` }));
});

test('pages of others do not, also those that look alike', () => {
  for (const origin of [
    'https://evil.example',
    'null',
    '',
    'https://gantry.example',
    'https://gantry.example:8443.evil.example',
  ]) {
    assert.ok(!passes({ cookie, origin, host: 'gantry.example:8443' }), origin);
  }
  for (const site of ['cross-site', 'same-site', 'none'])
    assert.ok(!passes({ cookie, 'sec-fetch-site': site }));
  assert.ok(!passes({ cookie, referer: 'https://evil.example/https://gantry.example:8443/' }));
  assert.ok(!passes({ cookie }));
});

test('reading passes, and so does a key in place of a cookie', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    assert.ok(passes({ cookie, origin: 'https://evil.example' }, method));
  assert.ok(passes({ authorization: 'Bearer x', origin: 'https://evil.example' }));
  assert.ok(passes({}));
  for (const method of ['PUT', 'PATCH', 'DELETE', 'post']) assert.ok(!passes({ cookie }, method));
});
