import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { startMailServer, type MailServer } from '../../../test/support/mail-server.ts';
import { until } from '../../../test/support/until.ts';
import { startWebhookServer, type WebhookServer } from '../../../test/support/webhook-server.ts';
import { withKernel, type TestKernel } from '../../../test/support/with-kernel.ts';
import { newId } from '../../base/ids.ts';
import { createLogger } from '../../base/logger.ts';
import type { UserSettings } from '../../contract/settings.ts';
import { openDatabase } from '../../store/database.ts';
import { createOutgoing } from '../outgoing/outgoing.ts';
import { createRateLimit } from '../rate-limit.ts';
import { openKeyRing } from '../secrets/key-ring.ts';
import { createSecrets } from '../secrets/secrets.ts';
import { readUserSettings, userSettings } from '../settings/user-settings.ts';
import { fanOut, type PreferencesOf } from './fan-out.ts';
import { claim, keepClaimed } from './outbox.ts';
import { startNotifications, type NotificationOptions, type Notifications } from './notifications.ts';

interface Bench extends TestKernel {
  readonly mail: MailServer;
  readonly hook: WebhookServer;
  readonly mira: string;
  /** Starts a server's notifications; ended with the test. */
  serve(options?: Partial<NotificationOptions>): Notifications;
  prefer(userId: string, settings: Partial<UserSettings>): Promise<void>;
  item(item?: {
    kind?: string;
    userId?: string | null;
    role?: string;
    title?: string;
    headline?: string;
  }): Promise<string>;
  rows(): Promise<
    { state: string; channel: string; error: string | null; attempts: number; held: boolean }[]
  >;
}

async function withBench(body: (bench: Bench) => Promise<void>): Promise<void> {
  await withKernel({ capabilities: [] }, async (parts) => {
    const { db, listener } = parts;
    const [mail, hook] = await Promise.all([startMailServer(), startWebhookServer()]);
    const keys = await openKeyRing(tmpdir(), { current: randomBytes(32).toString('base64') });
    const secrets = createSecrets(db, keys);
    const serving: Notifications[] = [];
    const mira = await addUser(db, 'mira', 'member');
    try {
      await body({
        ...parts,
        mail,
        hook,
        mira,
        serve: (options = {}) => {
          const notifications = startNotifications({
            db,
            listener,
            secrets,
            outgoing: createOutgoing({ allow: ['127.0.0.1'] }),
            rateLimit: createRateLimit(db),
            preferencesOf: (userId, tx) => readUserSettings(tx, userId),
            smtpUrl: mail.url,
            mailFrom: 'Gantry <gantry@example.com>',
            publicUrl: 'https://gantry.example',
            perHour: 100,
            log: createLogger('silent'),
            everyMs: 50,
            ...options,
          });
          serving.push(notifications);
          return notifications;
        },
        prefer: (userId, changes) =>
          userSettings(db, userId).change({ by: { userId, name: 'test' }, changes }),
        item: (item) => addItem(db, { userId: mira, ...item }),
        rows: () => db.query('SELECT state, channel, error, attempts, held FROM notifications ORDER BY id'),
      });
    } finally {
      await Promise.all(serving.map((each) => each.close()));
      await Promise.all([mail.close(), hook.close()]);
    }
  });
}

async function addUser(db: TestKernel['db'], name: string, role: string): Promise<string> {
  const id = newId();
  await db.query('INSERT INTO users (id, name, email, role) VALUES ($1, $2, $3, $4)', [
    id,
    name,
    `${name}@example.com`,
    role,
  ]);
  return id;
}

async function addItem(
  db: TestKernel['db'],
  item: { kind?: string; userId?: string | null; role?: string; title?: string; headline?: string },
): Promise<string> {
  const id = newId();
  await db.query(
    `WITH put AS (
       INSERT INTO inbox (id, kind, user_id, role, run_id, step, ordinal, capability, title, headline)
       VALUES ($1, $2, $3, $4, $5, 'review', 0, 'coding', $6, $7) RETURNING id
     ) SELECT pg_notify('gantry_inbox', 'x') FROM put`,
    [
      id,
      item.kind ?? 'question',
      item.role === undefined ? (item.userId ?? null) : null,
      item.role ?? null,
      newId(),
      item.title ?? 'Retry webhook delivery',
      item.headline ?? 'Review the plan',
    ],
  );
  return id;
}

const both = { notifications: { waiting: ['email' as const, 'webhook' as const, 'browser' as const] } };

test('what waits is mailed and posted once, with one link, to who asked for it, and to nobody else', () =>
  withBench(async ({ serve, prefer, item, mira, mail, hook, rows, db }) => {
    const jon = await addUser(db, 'jon', 'admin');
    await addUser(db, 'silent', 'admin');
    const notifications = serve();
    await notifications.webhooks.set(mira, hook.url);
    await prefer(mira, both);
    await prefer(jon, { notifications: { dead: ['email'] } });
    await item();
    await item({ kind: 'failed' });
    await item({ kind: 'dead', role: 'admin' });
    await until(async () => mail.taken.length === 2 && hook.taken.length === 1);
    await until(async () => (await rows()).every((row) => row.state === 'sent'));
    assert.deepEqual(mail.taken.map((each) => each.to[0]).toSorted(), [
      'jon@example.com',
      'mira@example.com',
    ]);
    const text = mail.taken.find((each) => each.to[0] === 'mira@example.com')?.text ?? '';
    assert.match(text, /^Subject: Waiting for you: Review the plan\r$/m);
    assert.equal(text.match(/https?:\/\//g)?.length, 1);
    assert.match(hook.taken[0] ?? '', /<https:\/\/gantry\.example\/runs\/[0-9a-f-]+\|Answer it>/);
    assert.equal((await rows()).length, 3);
  }));

test('two servers, and items that come at once: each message goes out once', () =>
  withBench(async ({ serve, prefer, item, mira, mail, hook, rows }) => {
    const first = serve();
    serve();
    serve();
    await first.webhooks.set(mira, hook.url);
    await prefer(mira, both);
    await Promise.all(Array.from({ length: 30 }, (_, index) => item({ headline: `Plan ${index}` })));
    await until(async () => {
      const all = await rows();
      return all.length === 60 && all.every((row) => row.state === 'sent');
    });
    assert.equal(mail.taken.length, 30);
    assert.equal(new Set(hook.taken).size, 30);
    assert.equal(hook.asked, 30);
  }));

test('a server that dies between claim and sending leaves the message to another', () =>
  withBench(async ({ serve, prefer, item, mira, mail, db }) => {
    await prefer(mira, { notifications: { waiting: ['email'] } });
    const id = await item();
    await db.query('UPDATE inbox SET notified_at = now()');
    await db.query(
      `INSERT INTO notifications (id, item_id, user_id, channel, attempts, claimed_until, message_id)
       VALUES ($1, $2, $3, 'email', 1, now() + interval '1 hour', $1)`,
      [newId(), id, mira],
    );
    serve();
    await item({ headline: 'Another' });
    await until(() => mail.taken.length === 1);
    assert.match(mail.taken[0]?.text ?? '', /Another/);
    await db.query(
      `UPDATE notifications SET claimed_until = now() - interval '1 second' WHERE state = 'due'`,
    );
    await until(() => mail.taken.length === 2);
  }));

test('an outage is waited out: nothing is lost, and what is over by then is not sent', () =>
  withBench(async ({ serve, prefer, item, mira, mail, rows, db }) => {
    await prefer(mira, { notifications: { waiting: ['email'] } });
    mail.refuse = { code: 451, text: 'try later' };
    const notifications = serve();
    const id = await item();
    await item({ headline: 'Still open' });
    await until(async () => (await rows()).filter((row) => row.error !== null).length === 2);
    const { problems } = await notifications.stateOf(mira);
    assert.equal(problems[0]?.gaveUp, false);
    assert.match(problems[0]?.reason ?? '', /451 try later/);
    mail.refuse = null;
    await db.query(`UPDATE inbox SET resolved_at = now(), resolution = 'answered' WHERE id = $1`, [id]);
    await db.query('UPDATE notifications SET due_at = now()');
    await until(async () => (await rows()).every((row) => row.state !== 'due'));
    assert.deepEqual((await rows()).map((row) => row.state).toSorted(), ['sent', 'skipped']);
    assert.equal(mail.taken.length, 1);
    assert.deepEqual((await notifications.stateOf(mira)).problems, []);
  }));

test('a no for good, and the last of many tries, end a message with a reason that the person sees', () =>
  withBench(async ({ serve, prefer, item, mira, hook, rows, db }) => {
    const notifications = serve();
    await prefer(mira, { notifications: { waiting: ['webhook'] } });
    await item({ headline: 'No webhook yet' });
    await until(async () => (await rows())[0]?.state === 'failed');
    await notifications.webhooks.set(mira, hook.url);
    hook.answer = { status: 404, body: 'no_service\u001b[31m' };
    await item({ headline: 'Gone' });
    await until(async () => (await rows())[1]?.state === 'failed');
    hook.answer = { status: 500 };
    await item({ headline: 'Broken' });
    await until(async () => {
      await db.query(`UPDATE notifications SET due_at = now() WHERE state = 'due'`);
      return (await rows())[2]?.state === 'failed';
    });
    assert.equal(hook.asked, 1 + 6);
    const reasons = (await notifications.stateOf(mira)).problems.map(({ reason, gaveUp }) => [
      reason,
      gaveUp,
    ]);
    assert.deepEqual(reasons.toSorted(), [
      ['No webhook is set.', true],
      ['The webhook answered 404: no_service\\x1b[31m', true],
      ['The webhook answered 500', true],
    ]);
  }));

test('who says come back later is heard', () =>
  withBench(async ({ serve, prefer, item, mira, hook, db }) => {
    await serve().webhooks.set(mira, hook.url);
    await prefer(mira, { notifications: { waiting: ['webhook'] } });
    hook.answer = { status: 429, headers: { 'retry-after': '1800' } };
    await item();
    const late = () =>
      db.query(
        `SELECT FROM notifications WHERE error IS NOT NULL AND due_at > now() + interval '25 minutes'`,
      );
    await until(async () => (await late()).length === 1);
  }));

test('a server that never answers is left, and holds up nobody else', () =>
  withBench(async ({ serve, prefer, item, mira, mail, hook, db }) => {
    const jon = await addUser(db, 'jon', 'member');
    const notifications = serve();
    await notifications.webhooks.set(mira, hook.url);
    hook.answer = 'hang';
    await prefer(mira, { notifications: { waiting: ['webhook'] } });
    await prefer(jon, { notifications: { waiting: ['email'] } });
    await item();
    await until(() => hook.asked === 1);
    await item({ userId: jon });
    await until(() => mail.taken.length === 1);
    await hook.close();
  }));

test('beyond the number of an hour messages are held, and come as one summary when the hour is over', () =>
  withBench(async ({ serve, prefer, item, mira, mail, rows, db }) => {
    await prefer(mira, { notifications: { waiting: ['email'] } });
    serve({ perHour: 3 });
    serve({ perHour: 3 });
    await Promise.all(Array.from({ length: 10 }, (_, index) => item({ headline: `Plan ${index}` })));
    await until(async () => {
      const all = await rows();
      return all.length === 10 && all.filter((row) => row.held).length === 7 && mail.taken.length === 3;
    });
    await until(async () => (await rows()).filter((row) => row.state === 'sent').length === 3);
    await db.query(`UPDATE notifications SET ended_at = ended_at - interval '61 minutes'`);
    await db.query('UPDATE notifications SET due_at = now()');
    await until(async () => (await rows()).every((row) => row.state === 'sent'));
    assert.equal(mail.taken.length, 4);
    assert.match(mail.taken[3]?.text ?? '', /^Subject: 7 things from Gantry, 7 wait for you\r$/m);
  }));

test('in quiet hours nothing goes out, and what came meanwhile is one message after them', () =>
  withBench(async ({ serve, prefer, item, mira, mail, rows, db }) => {
    // One of the two is not within its last minute.
    const timeZone = new Date().getUTCHours() === 23 ? 'Asia/Tokyo' : 'UTC';
    const quietHours = { from: '00:00', to: '23:59', timeZone };
    await prefer(mira, { notifications: { waiting: ['email'] }, quietHours });
    serve();
    await Promise.all([item(), item({ headline: 'Another' })]);
    await until(async () => (await rows()).filter((row) => row.held).length === 2);
    assert.equal(mail.taken.length, 0);
    await prefer(mira, { quietHours: null });
    await db.query('UPDATE notifications SET due_at = now()');
    await until(() => mail.taken.length === 1);
    assert.match(mail.taken[0]?.text ?? '', /2 things from Gantry/);
  }));

test('a hostile title makes no header, no mention and no link of its own', () =>
  withBench(async ({ serve, prefer, item, mira, mail, hook }) => {
    await serve().webhooks.set(mira, hook.url);
    await prefer(mira, both);
    const headline =
      'x\r\nBcc: victim@evil.example\r\n\r\n<!channel> <https://evil.example|Approve> *b* @here';
    await item({ headline, title: `${headline}${'y'.repeat(5000)}` });
    await until(() => mail.taken.length === 1 && hook.taken.length === 1);
    const [head = ''] = (mail.taken[0]?.text ?? '').split('\r\n\r\n');
    assert.doesNotMatch(head, /^bcc:/im);
    assert.deepEqual(mail.taken[0]?.to, ['mira@example.com']);
    const posted = hook.taken[0] ?? '';
    assert.doesNotMatch(posted, /<!|<https:\/\/evil|@here|https:\/\/evil/);
    assert.equal(posted.match(/</g)?.length, 1);
  }));

test('the address of a webhook is sealed and never shown, and one that leads inside is refused', () =>
  withBench(async ({ serve, mira, hook, db }) => {
    const notifications = serve();
    await notifications.webhooks.set(mira, hook.url);
    const state = JSON.stringify(await notifications.stateOf(mira));
    assert.ok(!state.includes('secret-path') && state.includes('127.0.0.1'));
    const dump = JSON.stringify(await db.query('SELECT * FROM secrets'));
    assert.ok(!dump.includes('secret-path'));
    for (const url of ['http://10.0.0.1/x', 'ftp://127.0.0.1/x', 'http://169.254.169.254/', 'x'])
      await assert.rejects(notifications.webhooks.set(mira, url), { code: 'OUTGOING_REFUSED' });
    await notifications.webhooks.clear(mira);
    assert.deepEqual((await notifications.stateOf(mira)).webhook, { set: false, host: null });
    await assert.rejects(notifications.webhooks.clear(mira), { code: 'NOT_FOUND' });
  }));

test('a test message says what came of it in words, a few times a minute', () =>
  withBench(async ({ serve, mira, mail, hook }) => {
    const notifications = serve();
    const sent = await notifications.test(mira, 'email');
    assert.deepEqual([sent.sent, mail.taken.length], [true, 1]);
    assert.match(sent.text, /mira@example\.com/);
    assert.deepEqual(await notifications.test(mira, 'webhook'), { sent: false, text: 'No webhook is set.' });
    await notifications.webhooks.set(mira, hook.url);
    hook.answer = { status: 403, body: 'invalid_token' };
    assert.match((await notifications.test(mira, 'webhook')).text, /403: invalid_token/);
    await mail.close();
    const refused = await notifications.test(mira, 'email');
    assert.match(refused.text, /did not take the message \(ECONNREFUSED|ESOCKET/);
    const bare = serve({ smtpUrl: undefined });
    assert.match((await bare.test(mira, 'email')).text, /GANTRY_SMTP_URL/);
    await assert.rejects(bare.test(mira, 'email'), { code: 'RATE_LIMITED' });
  }));

test('the smallest pool of connections is enough, however many messages are due at once', () =>
  withBench(async ({ serve, prefer, item, mira, mail, rows, db }) => {
    const small = openDatabase({ url: db.url, poolSize: 2, onError: () => undefined });
    await using _closing = { [Symbol.asyncDispose]: () => small.close() };
    const users = await Promise.all(['a', 'b', 'c', 'd'].map((name) => addUser(db, name, 'member')));
    for (const id of [mira, ...users]) await prefer(id, { notifications: { waiting: ['email'] } });
    const notifications = serve({ db: small });
    await Promise.all([mira, ...users].flatMap((userId) => [item({ userId }), item({ userId })]));
    await until(
      async () => mail.taken.length === 10 && (await rows()).every(({ state }) => state === 'sent'),
    );
    await notifications.close();
  }));

test('messages that wait behind slow ones stay with the server that took them', () =>
  withBench(async ({ prefer, item, mira, db }) => {
    await prefer(mira, { notifications: { waiting: ['email'] } });
    await item({ headline: 'Slow' });
    await item({ headline: 'Behind' });
    const preferencesOf: PreferencesOf = (userId, tx) => readUserSettings(tx, userId);
    assert.equal(await fanOut(db, preferencesOf), 2);
    const options = { perHour: 9, preferencesOf };
    const taken = (await claim(db, options)) ?? [];
    assert.equal(taken.length, 2);
    await db.query(`UPDATE notifications SET claimed_until = now() - interval '1 second'`);
    await keepClaimed(db, taken.slice(1));
    const again = (await claim(db, options)) ?? [];
    assert.deepEqual(
      again.map(({ ids }) => ids),
      [taken[0]?.ids],
    );
  }));
