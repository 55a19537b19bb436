import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from './address.ts';

const bases = { github: 'https://ghe.corp.example', gitlab: 'https://code.corp.example/' };
const parse = (
  url: string,
  more: { forge?: 'github' | 'gitlab' | 'git'; withSshKey?: boolean } = {},
  own = {},
) => parseAddress({ url, withSshKey: false, ...more }, own);

test('an address is read in each form that people paste', () => {
  const shop = { forge: 'github', baseUrl: null, remote: 'acme/shop', protocol: 'https', name: 'acme/shop' };
  for (const url of [
    'acme/shop',
    ' https://github.com/acme/shop ',
    'https://github.com/acme/shop.git',
    'https://github.com/acme/shop/tree/main/src',
    'git@github.com:acme/shop.git',
    'ssh://git@github.com/acme/shop.git',
  ])
    assert.deepEqual(parse(url), shop, url);
  assert.deepEqual(parse('https://gitlab.com/acme/web/shop/-/tree/main'), {
    ...shop,
    forge: 'gitlab',
    remote: 'acme/web/shop',
    name: 'acme/web/shop',
  });
  assert.deepEqual(parse('https://example.com:8443/git/acme/shop.git'), {
    ...shop,
    forge: 'git',
    remote: 'https://example.com:8443/git/acme/shop.git',
  });
  assert.deepEqual(parse('/srv/git/shop.git'), {
    forge: 'git',
    baseUrl: null,
    remote: '/srv/git/shop.git',
    protocol: 'file',
    name: 'git/shop',
  });
});

test('a forge of your own is known by its configured address, and others by what they are called', () => {
  assert.equal(parse('acme/shop', {}, bases).baseUrl, 'https://ghe.corp.example');
  assert.deepEqual(parse('git@code.corp.example:acme/shop', {}, bases), {
    forge: 'gitlab',
    baseUrl: 'https://code.corp.example',
    remote: 'acme/shop',
    protocol: 'https',
    name: 'acme/shop',
  });
  assert.equal(parse('https://github.com/acme/shop', {}, bases).baseUrl, null);
  const named = parse('https://gitlab.other.example/acme/shop');
  assert.deepEqual([named.forge, named.baseUrl], ['gitlab', 'https://gitlab.other.example']);
  assert.equal(parse('https://notgitlab.example/acme/shop').forge, 'git');
  assert.equal(parse('https://git.example/acme/shop', { forge: 'gitlab' }).baseUrl, 'https://git.example');
});

test('with a key of its own ssh stays ssh; without one it says what is needed', () => {
  const ssh = parse('git@github.com:acme/shop.git', { withSshKey: true });
  assert.deepEqual([ssh.forge, ssh.remote, ssh.protocol], ['git', 'git@github.com:acme/shop.git', 'ssh']);
  assert.throws(() => parse('git@example.com:acme/shop.git'), {
    code: 'INPUT_INVALID',
    message: /deploy key/,
  });
});

test('what is no address, holds a credential or tries to be an option is refused', () => {
  for (const url of [
    '',
    'shop',
    'https://',
    'https://github.com/acme',
    'ext::sh -c id',
    'ext::sh',
    '--upload-pack=id',
    'file:///etc',
    'git://example.com/a/b',
    'https://exa\u202Emple.com/a/b',
    'x'.repeat(3000),
  ])
    assert.throws(() => parse(url), { code: 'INPUT_INVALID' }, url);
  assert.throws(
    () => parse('https://ada:ghp_x@github.com/acme/shop'),
    (error: Error) => {
      assert.match(error.message, /holds a credential/);
      assert.doesNotMatch(error.message, /ghp_x/);
      return true;
    },
  );
});
