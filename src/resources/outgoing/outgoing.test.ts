import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import fc from 'fast-check';
import { GantryError } from '../../base/errors.ts';
import { isPublic, readAllowList } from './address-rules.ts';
import { createOutgoing } from './outgoing.ts';

const strict = createOutgoing({ allow: [] });
const loopback = createOutgoing({ allow: ['127.0.0.1'] });
const refused = { code: 'OUTGOING_REFUSED' };
const failed = { code: 'OUTGOING_FAILED' };

async function serve(answer: RequestListener, test: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Every way in which the WHATWG URL parser takes an IPv4 address. */
const spelled = ([a, b, c, d]: readonly [number, number, number, number]) => {
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (part: number) => `0x${part.toString(16)}`;
  const octal = (part: number) => `0${part.toString(8)}`;
  const dotted = `${a}.${b}.${c}.${d}`;
  return [
    dotted,
    `${dotted}.`,
    [a, b, c, d].map(hex).join('.'),
    [a, b, c, d].map(octal).join('.'),
    `${hex(a).toUpperCase().replace('X', 'x')}.${octal(b)}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    String(whole),
    hex(whole),
    octal(whole),
    `[::ffff:${dotted}]`,
    `[::${dotted}]`,
    `[64:ff9b::${dotted}]`,
    `[2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::1]`,
    `[0:0:0:0:0:FFFF:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}]`,
    [...dotted]
      .map((each) => (each === '.' ? '\u3002' : String.fromCodePoint(0xff10 + Number(each))))
      .join(''),
  ];
};

test('no spelling of an inside IPv4 address is reached', async () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const inside = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 239, 240, 255), byte, byte, byte),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
    fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    fc.constant([168, 63, 129, 16] as [number, number, number, number]),
  );
  await fc.assert(
    fc.asyncProperty(inside, fc.constantFrom('http', 'HTTPS'), async (address, scheme) => {
      for (const host of spelled(address))
        await assert.rejects(strict.check(`${scheme}://${host}/x`), refused, host);
    }),
    { numRuns: 150 },
  );
});

test('no spelling of an inside IPv6 address is reached', async () => {
  const word = fc.integer({ min: 0, max: 0xffff });
  const heads = [0, 0x64, 0x100, 0x2002, 0x3fff, 0x5f00, 0xfc00, 0xfd00, 0xfe80, 0xfec0, 0xff02];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...heads),
      fc.array(word, { minLength: 7, maxLength: 7 }),
      async (head, rest) => {
        const masked = head === 0x3fff ? [(rest[0] ?? 0) & 0x0fff, ...rest.slice(1)] : rest;
        const host = [head, ...masked].map((each) => each.toString(16)).join(':');
        await assert.rejects(strict.check(`http://[${host}]/`), refused);
        await assert.rejects(strict.check(`http://[${host.toUpperCase()}]/`), refused);
      },
    ),
    { numRuns: 200 },
  );
  for (const host of ['::', '::1', '2001:db8::1', '2001::1', 'fd00:ec2::254'])
    await assert.rejects(strict.check(`http://[${host}]/`), refused);
  for (const zone of ['fe80::1%eth0', 'fe80::1%25eth0', '::1%lo'])
    await assert.rejects(strict.check(`http://[${zone}]/`), refused);
});

test('public addresses pass, whatever their family', async () => {
  for (const host of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '[2606:4700::1111]'])
    await strict.check(`https://${host}/x`);
});

test('an address of this machine is inside even where it is a public one', () => {
  const own = Object.values(networkInterfaces()).flat();
  for (const each of own) if (each) assert.equal(isPublic(each.address), false, each.address);
});

test('names are refused by what they lead to, also when only one of many addresses is inside', async () => {
  await assert.rejects(strict.check('http://localhost/'), refused);
  await assert.rejects(strict.check('http://LOCALHOST/'), refused);
  const resolve = async () => ['93.184.215.14', '10.0.0.7'];
  await assert.rejects(createOutgoing({ allow: [], resolve }).check('https://mixed.example/'), (error) => {
    assert.ok(error instanceof GantryError && error.code === refused.code);
    assert.ok(!error.message.includes('10.0.0.7'), 'the refusal tells where the inside is');
    return true;
  });
});

test('only http and https without user names, to ports of web servers', async () => {
  for (const url of [
    'ftp://1.1.1.1/',
    'file:///etc/passwd',
    'gopher://1.1.1.1/',
    'data:text/plain,x',
    'javascript:1',
    'http://user@1.1.1.1/',
    'http://:secret@1.1.1.1/',
    'http://1.1.1.1:22/',
    'https://1.1.1.1:25/',
    'http://1.1.1.1@127.0.0.1/',
    'http://127.0.0.1#@1.1.1.1/',
    'http://127.0.0.1\\@1.1.1.1/',
    'not an address',
    '',
    '//1.1.1.1/',
    `https://1.1.1.1/${'x'.repeat(3000)}`,
  ])
    await assert.rejects(strict.check(url), refused, url);
  await strict.check('https://1.1.1.1:8443/');
});

test('a name is resolved once, and the connection goes to the address that was checked', () =>
  serve(
    (_request, reply) => reply.end('inside'),
    async (url) => {
      const { port } = new URL(url);
      let asked = 0;
      // The second answer would lead inside: what a rebinding name server gives.
      const resolve = async () => (asked++ === 0 ? ['192.0.2.1'] : ['127.0.0.1']);
      const opened = createOutgoing({ allow: ['192.0.2.0/24'], resolve });
      await assert.rejects(opened.fetch(`http://rebind.example:${port}/`, { timeoutMs: 300 }), failed);
      assert.equal(asked, 1);
      await assert.rejects(opened.fetch(`http://rebind.example:${port}/`), refused);
    },
  ));

test('what is sent arrives, under the name that was asked for', () =>
  serve(
    async (request, reply) => {
      let body = '';
      for await (const piece of request) body += String(piece);
      const { host, authorization } = request.headers;
      reply
        .writeHead(201, { 'x-test': 'yes' })
        .end(JSON.stringify([request.method, host, authorization, body]));
    },
    async (url) => {
      const { port } = new URL(url);
      const resolve = async () => ['127.0.0.1'];
      const named = createOutgoing({ allow: [`hooks.example:${port}`], resolve });
      const headers = { authorization: 'Bearer x' };
      const reply = await named.fetch(`http://hooks.example:${port}/a`, {
        method: 'POST',
        headers,
        body: 'é',
      });
      assert.equal(reply.status, 201);
      assert.equal(reply.headers['x-test'], 'yes');
      assert.deepEqual(JSON.parse(Buffer.from(reply.body).toString()), [
        'POST',
        `hooks.example:${port}`,
        'Bearer x',
        'é',
      ]);
      await assert.rejects(named.fetch(`http://other.example:${port}/a`), refused);
      await assert.rejects(named.fetch(`http://hooks.example:1/a`), refused);
      await assert.rejects(
        loopback.fetch(url, { method: 'POST', headers: { 'x-a': 'b\r\nx-evil: 1' } }),
        failed,
      );
    },
  ));

test('redirects are refused unless asked for, and then each is checked; keys do not travel to another origin', () =>
  serve(
    (request, reply) => {
      const to = new URL(request.url ?? '', 'http://x').searchParams.get('to');
      if (to !== null) reply.writeHead(302, { location: to }).end('x'.repeat(100_000));
      else reply.end(JSON.stringify([request.method, request.headers.authorization ?? null]));
    },
    async (url) => {
      const other = url.replace('127.0.0.1', '127.0.0.2');
      const via = (to: string) => `${url}/?to=${encodeURIComponent(to)}`;
      const request = { method: 'POST', body: 'x', headers: { authorization: 'k' }, redirects: 1 } as const;
      await assert.rejects(loopback.fetch(via('/next')), refused);
      const reply = await loopback.fetch(via('/next'), request);
      assert.deepEqual(JSON.parse(Buffer.from(reply.body).toString()), ['GET', 'k']);
      await assert.rejects(loopback.fetch(via(other), request), refused);
      await assert.rejects(loopback.fetch(via('file:///etc/passwd'), request), refused);
      await assert.rejects(loopback.fetch(via('http://169.254.169.254/latest/meta-data'), request), refused);
      await assert.rejects(loopback.fetch(via(via('/')), request), refused);
      const named = createOutgoing({ allow: ['127.0.0.1', 'localhost'] });
      const elsewhere = await named.fetch(via(url.replace('127.0.0.1', 'localhost')), request);
      assert.deepEqual(JSON.parse(Buffer.from(elsewhere.body).toString()), ['GET', null]);
    },
  ));

test('an answer that is too large, too slow, cut off or none at all is a failure in words', () =>
  serve(
    (request, reply) => {
      if (request.url === '/large') reply.end(Buffer.alloc(2000));
      else if (request.url === '/slow') reply.writeHead(200).write('x');
      else if (request.url === '/cut')
        reply.writeHead(200, { 'content-length': '10' }).write('x', () => reply.destroy());
      // Anything else is never answered.
    },
    async (url) => {
      await assert.rejects(loopback.fetch(`${url}/large`, { maxBytes: 1999 }), {
        ...failed,
        message: /more than 1999 bytes/,
      });
      assert.equal((await loopback.fetch(`${url}/large`, { maxBytes: 2000 })).body.length, 2000);
      const inTime = { ...failed, message: /did not answer in time/ };
      await assert.rejects(loopback.fetch(`${url}/slow`, { timeoutMs: 100 }), inTime);
      await assert.rejects(loopback.fetch(`${url}/never`, { timeoutMs: 100 }), inTime);
      await assert.rejects(loopback.fetch(`${url}/never`, { signal: AbortSignal.abort() }), failed);
      await assert.rejects(loopback.fetch(`${url}/cut`), failed);
    },
  ));

test('a closed port, and a certificate that nobody vouches for, are failures', async () => {
  const server = createTcp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await assert.rejects(loopback.fetch(`http://127.0.0.1:${port}/`), { ...failed, message: /ECONNREFUSED/ });
  await serve(
    (_request, reply) => reply.end(),
    (url) => assert.rejects(loopback.fetch(url.replace('http:', 'https:')), failed),
  );
});

test('the allow-list takes hosts, wildcards, ports and networks, and nothing that only looks like one', () => {
  const list = readAllowList([
    'Hooks.Corp.example',
    '*.intra.example',
    'box:8080',
    '10.0.0.0/8',
    'fd00::/8',
    '192.168.1.5',
  ]);
  const host = (name: string, port = 443) => list.host(name, port);
  assert.deepEqual(
    [
      host('hooks.corp.example.'),
      host('a.hooks.corp.example'),
      host('x.intra.example'),
      host('intra.example'),
      host('xintra.example'),
    ],
    [true, false, true, false, false],
  );
  assert.deepEqual([host('box', 8080), host('box', 8081)], [true, false]);
  assert.deepEqual(
    ['10.9.8.7', '11.0.0.1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', '192.168.1.5', '192.168.1.6'].map((each) =>
      list.address(each),
    ),
    [true, false, true, false, false, true, false],
  );
  for (const wrong of ['http://x', '10.0.0.0/33', '10.0.0.0/x', 'a b', '*', 'x/24', ''])
    assert.throws(() => readAllowList([wrong]), { code: 'CONFIG_INVALID' }, wrong);
});
