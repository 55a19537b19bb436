import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openEgressTrial, serveTcp, withDoor, get, connectTo, status } from '../../../test/support/egress.ts';

test('N1-N10 addresses in every spelling, other hosts, other ports and names that lead inside get 403', async () => {
  let reached = 0;
  const upstream = await serveTcp(() => (reached += 1));
  const { port } = upstream;
  const inside = ['meta.test', 'mixed.test', 'six.test', 'mapped.test', 'nat.test', 'none.test'];
  const allow = ['allowed.test', 'localhost', ...inside].map((host) => `${host}:${port}`);
  const door = await openEgressTrial(
    [...allow, 'allowed.test:80'],
    { inside: { host: () => false, address: () => false } },
    {
      'meta.test': ['169.254.169.254'],
      'mixed.test': ['93.184.215.14', '10.0.0.7'],
      'six.test': ['fd00:ec2::254'],
      'mapped.test': ['::ffff:127.0.0.1'],
      'nat.test': ['64:ff9b::7f00:1'],
      'none.test': [],
    },
  );
  const refused = {
    'an address in place of a name': [
      '127.0.0.1',
      '169.254.169.254',
      '1.1.1.1',
      '0x7f000001',
      '2130706433',
      '0177.0.0.1',
      '127.1',
      '0x7f.1',
      '0',
      'x.0x',
      '127.0.0.1.',
    ],
    'not on the list': [
      'other.test',
      'allowed.test.evil.test',
      'xallowed.test',
      'test',
      'xn--80ak6aa92e.test',
    ],
    'leads to no address of the public internet': [
      'allowed.test',
      'ALLOWED.test.',
      'localhost',
      'LocalHost',
      'meta.test',
      'mixed.test',
      'six.test',
      'mapped.test',
      'nat.test',
    ],
    'no such name': ['none.test'],
    'neither a name nor a port that could be reached': [
      '[::1]',
      '[::ffff:127.0.0.1]',
      'allowed.test..',
      '.allowed.test',
      'allowed_test',
      'allowed.test%00',
      'user@allowed.test',
      'a..b',
      '-%2e',
      'x'.repeat(254),
    ],
  };
  for (const [reason, hosts] of Object.entries(refused)) {
    for (const host of hosts) {
      const before = door.decisions.length;
      for (const request of [connectTo(`${host}:${port}`), get(`http://${host}:${port}/`)]) {
        assert.equal(status(await door.send(request)), 403, request);
        assert.equal(door.decisions.at(-1)?.reason, reason, request);
        assert.equal(door.decisions.at(-1)?.allowed, false);
      }
      assert.equal(door.decisions.length, before + 2);
    }
  }
  for (const place of [
    'allowed.test:22',
    'allowed.test:0',
    'allowed.test:65536',
    'allowed.test:',
    'allowed.test',
    'allowed.test:+80',
    'allowed.test:080x',
  ])
    assert.equal(status(await door.send(connectTo(place))), 403, place);
  for (const url of [
    'https://allowed.test/',
    'ftp://allowed.test/',
    `http://a@allowed.test:${port}/`,
    `http://allowed.test:${port}\\@x/`,
    `http://allowed.test:${port}/#x`,
    `http:/allowed.test:${port}/`,
  ])
    assert.ok([400, 403].includes(status(await door.send(get(url)))), url);
  assert.equal(reached, 0);
  await door.close();
  await upstream.close();
});

test('no name and no address but the listed ones is let through, whatever is asked for', async () => {
  const upstream = await serveTcp((socket) => socket.end());
  await withDoor(upstream, {}, async (door) => {
    const part = fc.constantFrom(
      'allowed',
      'test',
      '.',
      '127',
      '0x7f',
      '1',
      '-',
      '::',
      '[',
      ']',
      '@',
      '%',
      'é',
      '。',
      ' ',
      '\t',
      ':',
      '/',
      '#',
      '?',
      String(upstream.port),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const host = parts.join('');
        if (/^allowed\.test\.?$/.test(host)) return;
        const answer = await door.send(Buffer.from(connectTo(`${host}:${upstream.port}`)));
        assert.ok(['403', '400', undefined, ''].includes(answer.split(' ')[1]), answer);
      }),
      { numRuns: 200 },
    );
    assert.ok(door.decisions.every((decision) => !decision.allowed));
    assert.ok(door.decisions.every(({ host }) => !/[\r\n\t]/.test(host) && host.length <= 101));
  });
});

test('a name is resolved once, and the connection goes to the address that was checked', async () => {
  const upstream = await serveTcp((socket) => socket.end());
  let asked = 0;
  // The second answer would lead inside: what a rebinding name server gives.
  const answers = {
    get 'rebind.test'() {
      return asked++ === 0 ? ['192.0.2.1'] : ['127.0.0.1'];
    },
  };
  const door = await openEgressTrial(
    [`rebind.test:${upstream.port}`],
    { inside: { host: () => false, address: (text) => text === '192.0.2.1' }, limits: { connectMs: 300 } },
    answers,
  );
  assert.equal(status(await door.send(connectTo(`rebind.test:${upstream.port}`))), 502);
  assert.equal(asked, 1);
  assert.equal(status(await door.send(connectTo(`rebind.test:${upstream.port}`))), 403);
  await door.close();
  await upstream.close();
});
