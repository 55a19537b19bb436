import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../base/ids.ts';
import { z } from 'zod';
import { approving, failingWith } from '../../test/support/asking-stories.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { answerPayloadSchema } from '../contract/question.ts';
import { defineCapability } from './capability.ts';

const capabilities = [approving, failingWith];

async function person(db: TestKernel['db'], role: string, name: string = role): Promise<string> {
  const id = newId();
  await db.query('INSERT INTO users (id, name, email, role) VALUES ($1, $2, $3, $4)', [
    id,
    name,
    `${id}@example.com`,
    role,
  ]);
  return id;
}

async function asked(test: TestKernel, input: object, userId: string | null): Promise<string> {
  const { run } = await test.kernel.start({ ...asSystem, capability: 'approving', input, userId });
  await until(async () => (await test.kernel.get(run.id)).status === 'waiting');
  return run.id;
}

const inboxOf = (db: TestKernel['db'], runId: string) =>
  db.query<{ kind: string; user_id: string | null; role: string | null; resolution: string | null }>(
    'SELECT kind, user_id, role, resolution, count, headline FROM inbox WHERE run_id = $1 ORDER BY id',
    [runId],
  );

test('a question is stored with the wait, shown with the run, and stands in the inbox of whom it asks', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await person(parts.db, 'member', 'Mira');
    const id = await asked(parts, {}, mira);
    const run = await parts.kernel.get(id);
    assert.equal(run.asks?.title, 'Review the plan');
    assert.deepEqual(run.asks?.who, { kind: 'user', userId: mira, name: 'Mira' });
    const [step] = await parts.kernel.steps(id);
    assert.equal(step?.question?.answers.length, 3);
    assert.equal(step?.given, null);
    assert.deepEqual(await inboxOf(parts.db, id), [
      {
        kind: 'question',
        user_id: mira,
        role: null,
        resolution: null,
        count: 1,
        headline: 'Review the plan',
      },
    ]);
  }));

test('an answer goes to the story, and the event and the step say who gave it', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await person(parts.db, 'member', 'Mira');
    const id = await asked(parts, {}, mira);
    await parts.kernel.signal(id, 'review', { answer: 'change', comment: 'smaller' }, mira);
    const run = await finished(parts.kernel, id);
    assert.deepEqual(run.output, { answer: 'change', comment: 'smaller' });
    const given = {
      question: 'Review the plan',
      value: 'change',
      label: 'Request changes',
      comment: 'smaller',
      by: mira,
      byName: 'Mira',
    };
    const events = await parts.kernel.events(id, 0, 99);
    const heard = events.find((event) => event.type === 'signal.received');
    assert.deepEqual(heard?.data, { name: 'review', by: mira, answer: given });
    assert.deepEqual((await parts.kernel.steps(id))[0]?.given, given);
    assert.equal((await inboxOf(parts.db, id))[0]?.resolution, 'answered');
    assert.equal(run.asks, null);
  }));

test('an answer that is none of the answers, or lacks its comment, is refused and the question stays open', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await person(parts.db, 'member');
    const id = await asked(parts, {}, mira);
    for (const payload of [
      null,
      'go',
      { answer: 'maybe' },
      { answer: 'change' },
      { answer: 'change', comment: '  ' },
      { answer: 'go', comment: 5 },
      { answer: 'refuse', comment: 'takes none' },
    ])
      await assert.rejects(parts.kernel.signal(id, 'review', payload, mira), { code: 'INPUT_INVALID' });
    assert.equal((await parts.kernel.get(id)).status, 'waiting');
    await parts.kernel.signal(id, 'review', { answer: 'go' }, mira);
    assert.deepEqual((await finished(parts.kernel, id)).output, { answer: 'go', comment: '' });
  }));

test('only who is asked answers: the person, anyone of the role, and admins; viewers never', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const [owner, other, admin, viewer] = [
      await person(parts.db, 'member'),
      await person(parts.db, 'member'),
      await person(parts.db, 'admin'),
      await person(parts.db, 'viewer'),
    ];
    const go = { answer: 'go' };
    const forbidden = { code: 'FORBIDDEN' };
    const ofOwner = await asked(parts, {}, owner);
    for (const by of [other, viewer, newId()])
      await assert.rejects(parts.kernel.signal(ofOwner, 'review', go, by), forbidden);
    const as = { role: 'viewer', onlyAnswers: false } as const;
    await assert.rejects(
      parts.kernel.signal(ofOwner, 'review', go, owner, undefined, as),
      forbidden,
      'a viewer key',
    );
    await parts.kernel.signal(ofOwner, 'review', go, admin);
    const ofAdmins = await asked(parts, { role: 'admin' }, owner);
    await assert.rejects(parts.kernel.signal(ofAdmins, 'review', go, owner), forbidden);
    await parts.kernel.signal(ofAdmins, 'review', go, admin);
    const ofMembers = await asked(parts, { role: 'member' }, owner);
    await assert.rejects(parts.kernel.signal(ofMembers, 'review', go, viewer), forbidden);
    await parts.kernel.signal(ofMembers, 'review', go, other);
    const ofNobody = await asked(parts, {}, null);
    assert.deepEqual((await parts.kernel.get(ofNobody)).asks?.who, { kind: 'role', role: 'admin' });
    assert.equal(await parts.kernel.isAsked(ofMembers, other, 'member'), true);
    assert.equal(await parts.kernel.isAsked(ofAdmins, other, 'member'), false);
    assert.equal(await parts.kernel.isAsked(ofMembers, viewer, 'viewer'), false);
  }));

test('of two people who answer at once the first wins, and the second hears who it was', () =>
  withKernel({ capabilities }, async (parts) => {
    const mira = await person(parts.db, 'member', 'Mira');
    const jon = await person(parts.db, 'admin', 'Jon');
    const worker = await parts.work();
    const id = await asked(parts, { role: 'member' }, mira);
    await worker.stop();
    const answers = await Promise.allSettled([
      parts.kernel.signal(id, 'review', { answer: 'go' }, mira),
      parts.kernel.signal(id, 'review', { answer: 'refuse' }, jon),
    ]);
    const lost = answers.filter((each) => each.status === 'rejected');
    assert.equal(lost.length, 1);
    assert.equal(lost[0]?.reason.code, 'CONFLICT');
    assert.match(
      lost[0]?.reason.message,
      /^(Mira|Jon) has answered "Review the plan" already: (Approve|Reject)/,
    );
    await parts.work();
    await finished(parts.kernel, id);
    await assert.rejects(parts.kernel.signal(id, 'review', { answer: 'go' }, mira), { code: 'RUN_FINISHED' });
  }));

test('the same key answers once, also when it is sent again later', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await person(parts.db, 'member');
    const id = await asked(parts, {}, mira);
    const send = () => parts.kernel.signal(id, 'review', { answer: 'go' }, mira, 'key');
    await Promise.all([send(), send()]);
    await finished(parts.kernel, id);
    await send();
    const events = await parts.kernel.events(id, 0, 99);
    assert.equal(events.filter((event) => event.type === 'signal.received').length, 1);
  }));

test('an answer sent before it is asked counts for nothing, whoever sent it', () =>
  withKernel({ capabilities }, async (parts) => {
    const mira = await person(parts.db, 'member');
    const { run } = await parts.kernel.start({
      ...asSystem,
      capability: 'approving',
      input: { role: 'admin' },
      userId: mira,
    });
    await parts.kernel.signal(run.id, 'review', { answer: 'go' }, mira);
    await parts.work();
    await until(async () => (await parts.kernel.get(run.id)).asks !== null);
    const events = await parts.kernel.events(run.id, 0, 99);
    assert.ok(events.some((event) => event.type === 'log' && /dropped/.test(event.data.message)));
  }));

test('a question that nobody answers in time is expired, and an answer after that is refused with what happened', () =>
  withKernel({ capabilities }, async (parts) => {
    const worker = await parts.work();
    const mira = await person(parts.db, 'member');
    const id = await asked(parts, { timeoutMs: 60_000 }, mira);
    await worker.stop();
    await parts.db.query(`UPDATE steps SET due_at = now() WHERE run_id = $1`, [id]);
    await assert.rejects(parts.kernel.signal(id, 'review', { answer: 'go' }, mira), {
      code: 'CONFLICT',
      message: /expired at .*Z\. The run ends without it\.$/,
    });
    await parts.db.query(`UPDATE runs SET wake_at = now() WHERE id = $1`, [id]);
    await parts.work();
    assert.deepEqual((await finished(parts.kernel, id)).output, { answer: 'nobody', comment: '' });
    assert.equal((await inboxOf(parts.db, id))[0]?.resolution, 'expired');
  }));

test('an answer never lands on a later question of the same name', () => {
  const twice = defineCapability({
    name: 'twice',
    input: z.strictObject({}),
    output: z.array(z.string()),
    title: () => 'asks twice',
    run: async (ctx) => {
      const answers: string[] = [];
      for (const title of ['First', 'Second']) {
        const ask = { title, answers: [{ value: 'go', label: 'Go', tone: 'go' as const }] };
        const given = await ctx.signal('go-on', answerPayloadSchema, { ask });
        answers.push(`${title} ${given?.answer}`);
      }
      return answers;
    },
  });
  return withKernel({ capabilities: [twice] }, async ({ kernel, db, work }) => {
    await work();
    const mira = await person(db, 'admin');
    const { run } = await kernel.start({ ...asSystem, capability: 'twice', input: {} });
    const asks = (title: string) => until(async () => (await kernel.get(run.id)).asks?.title === title);
    await asks('First');
    await kernel.signal(run.id, 'go-on', { answer: 'go', ordinal: 0 }, mira);
    await asks('Second');
    await assert.rejects(kernel.signal(run.id, 'go-on', { answer: 'go', ordinal: 0 }, mira), {
      code: 'CONFLICT',
    });
    await kernel.signal(run.id, 'go-on', { answer: 'go', ordinal: 1 }, mira);
    assert.deepEqual((await finished(kernel, run.id)).output, ['First go', 'Second go']);
  });
});

test('a story that goes on without the answer, or is cancelled, leaves nothing in the inbox', () => {
  const racing = defineCapability({
    name: 'racing',
    input: z.strictObject({}),
    output: z.null(),
    title: () => 'races',
    run: async (ctx) => {
      const ask = { title: 'Quick?', answers: [{ value: 'go', label: 'Go', tone: 'go' as const }] };
      await Promise.race([ctx.signal('quick', answerPayloadSchema, { ask }), ctx.sleep('short', 20)]);
      return null;
    },
  });
  return withKernel({ capabilities: [racing, approving] }, async (parts) => {
    await parts.work();
    const { run } = await parts.kernel.start({ ...asSystem, capability: 'racing', input: {} });
    await finished(parts.kernel, run.id);
    assert.deepEqual(
      (await inboxOf(parts.db, run.id)).map((row) => row.resolution),
      ['over'],
    );
    const id = await asked(parts, {}, null);
    await parts.kernel.cancel(id, null);
    await finished(parts.kernel, id);
    assert.equal((await inboxOf(parts.db, id))[0]?.resolution, 'over');
  });
});

test('what fails the same way a thousand times a day is one row with a count; another reason is another row', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await person(parts.db, 'member');
    const start = (input: object, userId: string | null) =>
      parts.kernel.start({ ...asSystem, capability: 'failing', input, userId });
    const started = await Promise.all(
      Array.from({ length: 60 }, (_, index) => start({ code: index % 3 ? 'CONFLICT' : 'FORBIDDEN' }, mira)),
    );
    await Promise.all(started.map(({ run }) => finished(parts.kernel, run.id)));
    const rows = await parts.db.query(
      'SELECT kind, user_id, code, count FROM inbox WHERE user_id = $1 ORDER BY code',
      [mira],
    );
    assert.deepEqual(rows, [
      { kind: 'failed', user_id: mira, code: 'CONFLICT', count: 40 },
      { kind: 'failed', user_id: mira, code: 'FORBIDDEN', count: 20 },
    ]);
    const nobodys = await start({ code: 'CONFLICT' }, null);
    await finished(parts.kernel, nobodys.run.id);
    assert.deepEqual((await inboxOf(parts.db, nobodys.run.id))[0]?.role, 'admin');
  }));

test('an error message that PostgreSQL can make no text of still fails its run, and is told', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work({ maxAttempts: 1 });
    for (const [code, status] of [
      ['CONFLICT', 'failed'],
      ['INTERNAL', 'dead'],
    ] as const) {
      const input = { code, more: '\0 \ud800 \u202e <b>' };
      const { run } = await parts.kernel.start({ ...asSystem, capability: 'failing', input });
      assert.equal((await finished(parts.kernel, run.id)).status, status);
      assert.equal((await inboxOf(parts.db, run.id))[0]?.kind, status);
    }
  }));

test('a run that took more than a minute is told when it succeeds; a short one is not', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const mira = await person(parts.db, 'member');
    const long = await asked(parts, {}, mira);
    await parts.db.query(`UPDATE runs SET started_at = started_at - interval '2 minutes' WHERE id = $1`, [
      long,
    ]);
    const short = await asked(parts, {}, mira);
    for (const id of [long, short]) {
      await parts.kernel.signal(id, 'review', { answer: 'go' }, mira);
      await finished(parts.kernel, id);
    }
    assert.deepEqual(
      (await inboxOf(parts.db, long)).map((row) => row.kind),
      ['question', 'succeeded'],
    );
    assert.deepEqual(
      (await inboxOf(parts.db, short)).map((row) => row.kind),
      ['question'],
    );
    await parts.kernel.discard(long);
    assert.deepEqual(await inboxOf(parts.db, long), []);
  }));

test('a run that is dead is told once, and its children are left to it', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work({ maxAttempts: 1 });
    const { run } = await parts.kernel.start({
      ...asSystem,
      capability: 'failing',
      input: { code: 'INTERNAL' },
    });
    assert.equal((await finished(parts.kernel, run.id)).status, 'dead');
    assert.deepEqual(
      (await inboxOf(parts.db, run.id)).map((row) => row.kind),
      ['dead'],
    );
  }));

test('hostile and endless texts of a question are cut and kept as text', () =>
  withKernel({ capabilities }, async (parts) => {
    await parts.work();
    const title = `<b>\0\u202e${'x'.repeat(10_000)}`;
    const id = await asked(parts, { title }, null);
    const { asks } = await parts.kernel.get(id);
    assert.equal(asks?.title.length, 200);
    assert.ok(asks?.title.startsWith('<b>\u{fffd}\u202exx'));
  }));
