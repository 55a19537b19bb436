import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { baseUrl, cookieOf, post, withReplicas } from '../../../test/support/identity.ts';
import { GantryError } from '../../base/errors.ts';
import { createLogger } from '../../base/logger.ts';
import { openDatabase } from '../../store/database.ts';
import { openListener } from '../../store/listen.ts';
import { createIdentity } from './create-identity.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const authorization = fc.oneof(
  text,
  text.map((tail) => `Bearer ${tail}`),
  text.map((tail) => `Bearer gtr_${tail}`),
  text.map((tail) => `Bearer gtl_${tail}`),
  fc.stringMatching(/^Bearer gtr_[A-Za-z0-9_-]{43}$/),
);
const cookie = fc.oneof(
  text,
  text.map((value) => `gantry_sign_in=${value}`),
  fc.tuple(text, text).map(([token, signature]) => `a=b; gantry_sign_in=${token}.${signature}`),
);

test('whatever is sent, nobody gets in and nothing but our own errors comes out', () =>
  withReplicas(async (open) => {
    const { identity } = await open({ localTokenFile: '/nonexistent/local.json' });
    const credentials = fc.record({ authorization: fc.option(authorization, { nil: undefined }), cookie });
    await fc.assert(
      fc.asyncProperty(credentials, async (brought) => {
        const result = await identity.authenticate(brought).catch((error: unknown) => error);
        assert.ok(result === null || (result instanceof GantryError && result.code === 'UNAUTHENTICATED'));
      }),
      { numRuns: 500 },
    );
  }));

test('when the database does not answer, that is said, and not that the key is wrong', () =>
  withReplicas(async (open) => {
    const logger = createLogger('silent');
    const listener = await openListener((await open()).database, logger);
    const gone = 'postgres://gantry@127.0.0.1:1/gantry';
    const database = openDatabase({ url: gone, poolSize: 1, onError: () => undefined });
    const secret = 'a secret that signs no cookie here';
    const settings = { database, listener, logger, secret, baseUrl, openRegistration: () => false };
    const identity = await createIdentity(settings);
    const unreachable = (error: unknown) =>
      error instanceof GantryError && error.code === 'DATABASE_UNREACHABLE';
    const authorization = `Bearer gtr_${'a'.repeat(43)}`;
    await assert.rejects(identity.authenticate({ authorization, cookie: undefined }), unreachable);
    const signIn = post('/sign-in/email', { email: 'ada@example.com', password: 'correct horse' });
    await assert.rejects(identity.handle(signIn, ''), unreachable);
    await assert.rejects(identity.links.redeem('x'), unreachable);
    await identity.close();
    await database.close();
    await listener.close();
  }));

test('no log line holds a password, a key, a token or a cookie', () =>
  withReplicas(async (open) => {
    const lines: string[] = [];
    const { identity, database } = await open({
      logger: createLogger('trace', { write: (line) => void lines.push(line) }),
    });
    const password = 'a password nobody may see';
    const user = await identity.users.create({
      name: 'Ada',
      email: 'ada@example.com',
      role: 'member',
      password,
    });
    const { key } = await identity.keys.create({ name: 'k', role: 'member', userId: user.id });
    const signIn = (typed: string) =>
      identity.handle(post('/sign-in/email', { email: user.email, password: typed }), '');
    const cookie = cookieOf((await signIn(password)).headers.getSetCookie());
    await assert.rejects(signIn(`${password}!`));
    await identity.authenticate({ authorization: `Bearer ${key}`, cookie });
    const [row] = await database.query<{ token: string }>('SELECT token FROM sign_ins');
    const link = (await identity.links.create()).path;
    await identity.links.redeem(link.split('=')[1] ?? '');
    await database.query('DROP TABLE sign_ins');
    const failure = (await signIn(password).catch((error: unknown) => error)) as GantryError;
    assert.equal(failure.code, 'INTERNAL');
    const seen = [...lines, failure.message, String(failure.cause)].join('\n');
    assert.ok(lines.length > 0);
    for (const secret of [password, key, cookie, row?.token, link.split('=')[1]]) {
      assert.ok(secret && !seen.includes(secret));
    }
  }));
