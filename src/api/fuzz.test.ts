import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readRaw, sendRaw } from '../../test/support/raw-http.ts';
import { adding, asking } from '../../test/support/stories.ts';
import { withApi, type TestApi } from '../../test/support/with-api.ts';

const capabilities = [adding, asking];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'];
const id = '01a1fdc4-dd6c-74a8-a0bc-e5ccd21b09fa';
const places = [
  '/runs',
  `/runs/${id}`,
  `/runs/${id}/events`,
  `/runs/${id}/signals`,
  `/runs/${id}/fork`,
  '/schedules',
  `/schedules/${id}`,
  '/keys',
  '/users',
  '/invitations',
];

const wild = fc.string({ unit: 'binary', maxLength: 30 });
const key = fc.oneof(
  fc.constantFrom(
    'capability',
    'input',
    'priority',
    'budget',
    'name',
    'cron',
    'timeZone',
    'payload',
    'from',
    'role',
    'email',
    'enabled',
  ),
  wild,
);
const leaf = fc.oneof(
  wild,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    'adding',
    'asking',
    'normal',
    'UTC',
    '* * * * *',
    'a\u0000b',
    '\ud800',
    'admin',
    1e308,
    -1,
    2 ** 53,
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
})).value;
/** Requests that come close to valid ones, so that what lies behind the schemas is reached too. */
const nearly = (run: string) => {
  const optional = { requiredKeys: [] };
  const role = fc.constantFrom('admin', 'member', 'viewer');
  const input = fc.oneof(
    fc.record({ a: leaf, b: fc.integer() }),
    fc.record({ a: fc.double({ noNaN: true }), b: fc.integer() }),
    fc.record({ question: wild }),
    json,
  );
  const capability = fc.constantFrom('adding', 'asking');
  const priority = fc.constantFrom('critical', 'low', 'background');
  const name = fc.oneof(wild, fc.constant('answer'), fc.uuid());
  const cron = fc.oneof(
    fc.constantFrom('* * * * *', '0 0 30 2 *', '*/0 * * * *', '@reboot', '1-2/3,5 * L * 5#2'),
    wild,
  );
  const timeZone = fc.oneof(fc.constantFrom('Europe/Berlin', 'UTC', 'Mars/Base', '../etc'), wild);
  const email = fc.oneof(fc.emailAddress(), wild);
  const days = fc.oneof(fc.integer(), fc.double());
  return fc.oneof(
    at(
      'POST /runs',
      fc.record(
        { capability, input, priority, budget: fc.constant({ usd: 1 }) },
        { requiredKeys: ['capability', 'input'] },
      ),
    ),
    at('POST /schedules', fc.record({ name, capability, input, cron, timeZone })),
    at(`POST /runs/${run}/signals`, fc.record({ name, payload: json })),
    at(`POST /runs/${run}/fork`, fc.record({ from: fc.oneof(fc.integer(), fc.double()) })),
    at(`PATCH /runs/${run}`, fc.record({ priority })),
    at('POST /users', fc.record({ name, email, role, password: wild }, optional)),
    at('POST /invitations', fc.record({ email, role }, optional)),
    at('POST /keys', fc.record({ name, role, expiresInDays: days }, optional)),
  );
};
const at = (line: string, body: fc.Arbitrary<unknown>) => body.map((value) => ({ line, value }));
const segment = fc.oneof(
  wild.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom('%', '%00', '%zz', '..', '.', '%2e%2e', '%ff', '//', ';', '*', ':id'),
);
const query = fc.array(
  fc.tuple(
    fc.constantFrom('limit', 'cursor', 'q', 'status', 'capability', 'after', '__proto__', 'a[b]'),
    segment,
  ),
  { maxLength: 3 },
);
const headerText = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,40}$/);
const headers = fc.dictionary(
  fc.constantFrom(
    'Idempotency-Key',
    'Last-Event-ID',
    'Accept',
    'Cookie',
    'Origin',
    'Content-Type',
    'X-Forwarded-For',
    'Expect',
    'Range',
    'If-None-Match',
    'Accept-Version',
    'Forwarded',
  ),
  headerText,
  { maxKeys: 4 },
);

/** Says what came back unless it is an answer that we would give: never a failure of ours. */
function assertNoFailure(raw: string, asked: string): void {
  const { status, head } = readRaw(raw);
  assert.ok(status >= 200 && status < 500, `${status} for ${asked}\n${raw.slice(0, 600)}`);
  if (status >= 400) assert.match(head, /content-type: application\/problem\+json/, asked);
  if (status >= 400) assert.match(head, /x-content-type-options: nosniff/, asked);
}

async function ask(
  api: TestApi,
  token: string,
  line: string,
  extra: Record<string, string>,
  body: Buffer,
): Promise<void> {
  const given = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...extra };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${line} HTTP/1.1\r\nHost: gantry\r\nConnection: close\r\nContent-Length: ${body.length}\r\n${lines.join('')}\r\n`;
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  assertNoFailure(await sendRaw(api.address, bytes), JSON.stringify(bytes.toString('latin1')));
}

test('no body, address or header makes the server fail', () =>
  withApi({ capabilities }, async (api) => {
    const { key: token, send } = await api.join('admin');
    const { body: run } = await send('POST', '/api/v1/runs', {
      capability: 'asking',
      input: { question: '?' },
    });
    await fc.assert(
      fc.asyncProperty(nearly(run.id), ({ line, value }) =>
        ask(api, token, line.replace(' ', ' /api/v1'), {}, Buffer.from(JSON.stringify(value))),
      ),
      { numRuns: 600 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.constantFrom(...places),
        json,
        (method, place, value) =>
          ask(api, token, `${method} /api/v1${place}`, {}, Buffer.from(JSON.stringify(value) ?? '')),
      ),
      { numRuns: 400 },
    );
    const path = fc.tuple(
      fc.constantFrom('', '/api/v1', '/api/v1/runs', '/api/auth', '/health'),
      fc.array(segment, { maxLength: 3 }),
      query,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        path,
        headers,
        ([...args], [start, rest, pairs], extra) => {
          const search = pairs.map(([name, value]) => `${name}=${value}`).join('&');
          const address = `${start}/${rest.join('/')}${search && `?${search}`}`;
          return ask(api, token, `${args.join('')} ${address}`, extra, Buffer.alloc(0));
        },
      ),
      { numRuns: 400 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), headers, (bytes, extra) =>
        ask(api, token, 'POST /api/v1/runs', extra, Buffer.from(bytes)),
      ),
      { numRuns: 200 },
    );
  }));

test('no bytes at all make the server fail', () =>
  withApi({}, async ({ address }) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const raw = await sendRaw(address, Buffer.concat([Buffer.from(bytes), Buffer.from('\r\n\r\n')]));
        if (raw !== '') assertNoFailure(raw, JSON.stringify([...bytes]));
      }),
      { numRuns: 200 },
    );
  }));
