import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import type { Database } from '../../store/database.ts';
import { createArtifacts } from '../../resources/artifacts.ts';
import { insertRow, listRows, toRepository } from '../../resources/repositories/repository-rows.ts';
import { parseEventStream } from '../../cli/server-sent-events.ts';
import { patch, plannedStep, sessionStory } from '../../../test/support/session-story.ts';
import { until } from '../../../test/support/until.ts';
import { withApi, type TestApi, type TestUser } from '../../../test/support/with-api.ts';
import { finished } from '../../../test/support/with-kernel.ts';
import { sessionRoutes } from './routes.ts';

const sessions = '/api/v1/sessions';

async function withSessions(use: (api: TestApi) => Promise<void>): Promise<void> {
  const held: { db?: Database } = {};
  const db = () => held.db ?? assert.fail('The database is not open.');
  const artifacts = createArtifacts(() => held.db);
  const repositories = () => ({ list: async () => (await listRows(db())).map(toRepository) });
  const routes = (kernel: TestApi['kernel']) => sessionRoutes(kernel, { artifacts, repositories });
  await withApi({ capabilities: [sessionStory(() => artifacts)], routes }, async (api) => {
    held.db = api.db;
    await insertRow(api.db, {
      ...{ id: newId(), name: 'acme/shop', forge: 'github', baseUrl: null, remote: 'acme/shop' },
      ...{ url: 'https://github.com/acme/shop.git', webUrl: 'https://github.com/acme/shop' },
      ...{ defaultBranch: 'main', isPrivate: false, auth: 'none', status: 'ok', problem: null },
      createdBy: null,
    });
    await api.work();
    await use(api);
  });
}

/** Asks until the session waits for a person under this name. */
async function asked(user: TestUser, id: string, name: string) {
  let session = await user.send('GET', `${sessions}/${id}`);
  await until(async () => {
    session = await user.send('GET', `${sessions}/${id}`);
    return session.body.questions.some((each: { name: string }) => each.name === name);
  });
  return session.body;
}

const begin = { repo: 'acme/shop', goal: 'Mend the totals' };

test('a session is started, answered and shown, and its history and patch are there', () =>
  withSessions(async ({ join, kernel }) => {
    const ada = await join('member', 'ada');
    const body = { ...begin, baseBranch: 'main', model: 'scripted:x', budget: { usd: 2 }, skip: ['review'] };
    const key = { 'idempotency-key': 'once' };
    const started = await ada.send('POST', sessions, body, key);
    assert.equal(started.status, 202, JSON.stringify(started.body));
    const { id } = started.body;
    assert.equal(started.headers.get('location'), `${sessions}/${id}`);
    assert.equal((await ada.send('POST', sessions, body, key)).body.id, id);
    assert.deepEqual(started.body.budget, { usd: 2 });
    assert.deepEqual(started.body.input, {
      ...{ goal: 'Mend the totals', model: 'scripted:x', skip: ['review'] },
      repository: { kind: 'connected', name: 'acme/shop', ref: 'main' },
    });

    const waiting = await asked(ada, id, 'goal');
    assert.deepEqual(
      waiting.phases.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`),
      ['Prepare done', 'Goal active', 'Plan coming', 'Build coming', 'Verify coming', 'Publish coming'],
    );
    assert.equal(waiting.goal.iterations[0].spec.summary, 'Totals are right');
    const resume = (decision: object) => ada.send('POST', `${sessions}/${id}/resume`, decision);
    const refined = await resume({ decision: 'refine', feedback: 'Taxes as well' });
    assert.equal(refined.status, 200, JSON.stringify(refined.body));
    assert.equal(refined.body.given.label, 'Refine');
    await until(async () => {
      const { body: now } = await ada.send('GET', `${sessions}/${id}`);
      return now.goal.iterations.length === 2 && now.questions.length > 0;
    });
    await resume({ decision: 'accept' });

    const atPlan = await asked(ada, id, 'plan');
    assert.deepEqual(
      atPlan.steps.map(({ id: step, state }: { id: string; state: unknown }) => [step, state]),
      [
        ['s1', null],
        ['s2', null],
      ],
    );
    const plan = { steps: [plannedStep('s2'), plannedStep('s1')] };
    assert.equal((await resume({ decision: 'approve', plan })).status, 200);
    await finished(kernel, id);
    const { body: over } = await ada.send('GET', `${sessions}/${id}`);
    assert.equal(over.status, 'succeeded');
    assert.equal(over.output.pullUrl, 'https://forge/7');
    assert.deepEqual(
      over.steps.map((step: { id: string; state: { status: string } }) => [step.id, step.state.status]),
      [
        ['s2', 'done'],
        ['s1', 'done'],
      ],
    );
    assert.equal(over.branch.commits.length, 2);
    assert.equal(over.pull.number, 7);
    assert.deepEqual(over.questions, []);

    const diff = await ada.send('GET', `${sessions}/${id}/diff`);
    assert.equal(diff.body, `${patch}# s2\n${patch}# s1\n`);
    assert.match(diff.headers.get('content-disposition') ?? '', /^attachment/);
    assert.equal((await ada.send('GET', `${sessions}/${id}/diff?step=s1`)).body, `${patch}# s1\n`);
    const none = await ada.send('GET', `${sessions}/${id}/diff?step=s9`);
    assert.equal(none.status, 404);
    assert.match(none.body.detail, /Its steps are s2, s1/);

    const all = await ada.send('GET', `${sessions}/${id}/history`);
    const told = all.body.items.map((each: { kind: string; key?: string; answer?: { value: string } }) =>
      each.kind === 'state' ? each.key : `! ${each.answer?.value}`,
    );
    assert.deepEqual(told, [
      ...['branch', 'goal', '! refine', 'goal', '! accept', 'goal', 'plan', '! approve', 'plan'],
      ...['step s2', 'step s2', 'branch', 'step s1', 'step s1', 'branch', 'pull'],
    ]);
    assert.equal(all.body.items[2].answer.byName, 'ada');
    assert.equal(all.body.items[2].answer.comment, 'Taxes as well');
    const pages: unknown[] = [];
    for (let after: string | null = '0'; after !== null;) {
      const page = await ada.send('GET', `${sessions}/${id}/history?limit=3&after=${after}`);
      pages.push(...page.body.items);
      after = page.body.next;
    }
    assert.deepEqual(pages, all.body.items);
  }));

test('an answer that does not fit says what is asked, a plan that can not be worked on says all that is wrong', () =>
  withSessions(async ({ join, kernel }) => {
    const ada = await join('member', 'ada');
    const { id } = (await ada.send('POST', sessions, begin)).body;
    await asked(ada, id, 'goal');
    const resume = (decision: object) => ada.send('POST', `${sessions}/${id}/resume`, decision);
    const other = await resume({ decision: 'approve' });
    assert.equal(other.status, 409);
    assert.match(
      other.body.detail,
      /does not ask for "approve"\. It asks "Accept the goal\?" \(goal\), which takes accept, refine, reject/,
    );
    assert.match((await resume({ decision: 'refine' })).body.detail, /"Refine" needs a comment/);
    assert.equal((await resume({ decision: 'accept', question: 'plan' })).status, 409);
    await resume({ decision: 'accept' });

    await asked(ada, id, 'plan');
    const circle = [plannedStep('a', { dependsOn: ['b'] }), plannedStep('b', { dependsOn: ['a', 'none'] })];
    const wrong = await resume({ decision: 'approve', plan: { steps: circle } });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.problems.length, 2, JSON.stringify(wrong.body));
    assert.match(wrong.body.detail, /The plan can't be worked on\..* It has 1 more\./);
    const untitled = await resume({
      decision: 'approve',
      plan: { steps: [{ ...plannedStep('a'), title: '' }] },
    });
    assert.equal(untitled.status, 400);
    assert.equal(untitled.body.problems[0].path, 'plan.steps[0].title');
    assert.equal((await asked(ada, id, 'plan')).status, 'waiting');
    assert.equal((await resume({ decision: 'reject' })).status, 200);
    const { output } = await finished(kernel, id);
    assert.equal((output as { outcome: string }).outcome, 'rejected');
    const late = await resume({ decision: 'approve' });
    assert.equal(late.status, 409);
    assert.match(late.body.detail, /over \(succeeded\)/);
  }));

test('the repository is found by any address, and one that is not connected is told how to be', () =>
  withSessions(async ({ join }) => {
    const ada = await join('member', 'ada');
    for (const repo of ['git@github.com:acme/shop.git', 'ssh://git@github.com/acme/shop', 'Acme/Shop']) {
      const { status, body } = await ada.send('POST', sessions, { ...begin, repo });
      assert.equal(status, 202, JSON.stringify(body));
      assert.equal(body.repository, 'acme/shop');
      await ada.send('DELETE', `${sessions}/${body.id}`);
    }
    const bundle = { kind: 'bundle', bundleId: newId(), name: 'shop' };
    const sent = await ada.send('POST', sessions, { ...begin, repo: bundle, baseBranch: 'dev' });
    assert.deepEqual(sent.body.input.repository, { ...bundle, ref: 'dev' });
    const refused = async (repo: string, why: RegExp) => {
      const { status, body } = await ada.send('POST', sessions, { ...begin, repo });
      assert.equal(status, 404);
      assert.match(body.detail, why);
    };
    await refused('https://github.com/acme/none', /gantry repos add https:\/\/github\.com\/acme\/none/);
    await refused('acme/none', /gantry repos add`/);
    await refused('./shop', /gantry session --repo \.\/shop/);
    const empty = await ada.send('POST', sessions, { repo: 'acme/shop', goal: '  ' });
    assert.equal(empty.status, 400);
    assert.equal(empty.body.problems[0].path, 'goal');
    const secret = await ada.send('POST', sessions, { ...begin, continues: newId() });
    assert.equal(secret.status, 400);
  }));

test('members see and steer their own sessions, admins all, viewers look', () =>
  withSessions(async ({ join, kernel }) => {
    const [ada, bob, eve, root] = await Promise.all([
      join('member', 'ada'),
      join('member', 'bob'),
      join('viewer', 'eve'),
      join('admin', 'root'),
    ]);
    const { id } = (await ada.send('POST', sessions, begin)).body;
    await asked(ada, id, 'goal');
    const count = async (user: TestUser, query = '') =>
      (await user.send('GET', `${sessions}${query}`)).body.items.length;
    assert.deepEqual(await Promise.all([ada, bob, eve, root].map((user) => count(user))), [1, 0, 1, 1]);
    assert.equal(await count(ada, '?status=waiting&repo=git@github.com:acme/shop.git&q=totals'), 1);
    assert.equal(await count(ada, '?repo=acme/other'), 0);
    assert.equal(await count(ada, '?status=succeeded'), 0);
    for (const path of ['', '/history', '/diff', '/stream'])
      assert.equal((await bob.send('GET', `${sessions}/${id}${path}`)).status, 404, path);
    assert.equal((await bob.send('POST', `${sessions}/${id}/resume`, { decision: 'accept' })).status, 404);
    assert.equal((await bob.send('DELETE', `${sessions}/${id}`)).status, 404);
    assert.equal((await eve.send('GET', `${sessions}/${id}`)).status, 200);
    assert.equal((await eve.send('POST', `${sessions}/${id}/resume`, { decision: 'accept' })).status, 403);
    assert.equal((await eve.send('POST', sessions, begin)).status, 403);
    assert.equal((await root.send('POST', `${sessions}/${id}/resume`, { decision: 'accept' })).status, 200);
    await asked(ada, id, 'plan');
    const gone = await ada.send('DELETE', `${sessions}/${id}`);
    assert.equal(gone.status, 202);
    assert.equal((await finished(kernel, id)).status, 'cancelled');
    assert.equal((await ada.send('DELETE', `${sessions}/${id}`)).status, 204);
    assert.equal((await ada.send('GET', `${sessions}/${id}`)).status, 404);
    assert.equal((await ada.send('GET', `${sessions}/nothing`)).status, 404);
  }));

test('a pull request that is open is looked after once more, any other not', () =>
  withSessions(async ({ join, kernel }) => {
    const ada = await join('member', 'ada');
    const start = async (more: object) =>
      (await ada.send('POST', sessions, { ...begin, auto: true, ...more })).body.id as string;
    const opened = await start({ issue: 12 });
    await finished(kernel, opened);
    const more = await ada.send('POST', `${sessions}/${opened}/follow-up`, { checks: false, attempts: 2 });
    assert.equal(more.status, 202, JSON.stringify(more.body));
    assert.equal(more.body.input.continues, opened);
    assert.equal(more.body.input.issue, undefined, 'the issue has asked for the first one only');
    assert.deepEqual(more.body.input.followUp, { comments: true, checks: false, attempts: 2, hours: 72 });
    const without = await start({ pull: 'draft' });
    await finished(kernel, without);
    const refused = await ada.send('POST', `${sessions}/${without}/follow-up`, {});
    assert.equal(refused.status, 409);
    assert.match(refused.body.detail, /opened no pull request/);
    const going = (await ada.send('POST', sessions, begin)).body.id;
    await asked(ada, going, 'goal');
    assert.match(
      (await ada.send('POST', `${sessions}/${going}/follow-up`, {})).body.detail,
      /is still waiting/,
    );
  }));

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

test('the stream tells phases, states, questions and the end, and goes on where it was left', () =>
  withSessions(async ({ join, address, kernel }) => {
    const ada = await join('member', 'ada');
    const { id } = (await ada.send('POST', sessions, begin)).body;
    const follow = async (after: string, seen: (told: Told) => boolean | Promise<boolean>) => {
      const abort = new AbortController();
      const headers = { accept: 'text/event-stream', authorization: `Bearer ${ada.key}` };
      const answer = await fetch(`${address}${sessions}/${id}/stream`, {
        headers: { ...headers, ...(after !== '' && { 'last-event-id': after }) },
        signal: abort.signal,
      });
      if (answer.status === 204) return null;
      const all: Told[] = [];
      for await (const { id: at, event, data } of parseEventStream(answer.body ?? assert.fail())) {
        const told = { id: at, event, data: JSON.parse(data) };
        all.push(told);
        if (await seen(told)) break;
      }
      abort.abort();
      return all;
    };
    const first = await follow('', ({ event }) => event === 'question');
    assert.deepEqual(
      first?.map(
        ({ event, data }) => `${event} ${String(data['phase'] ?? data['key'] ?? data['status'] ?? '')}`,
      ),
      [
        'status queued',
        'status running',
        'phase Prepare',
        'state branch',
        'phase Goal',
        'state goal',
        'status waiting',
        'question ',
      ],
    );
    const last = first?.at(-1) ?? assert.fail();
    assert.equal(last.data['name'], 'goal');
    const answers: Readonly<Record<string, string>> = { goal: 'accept', plan: 'approve' };
    const again = await follow('', async ({ event, data }) => {
      if (event === 'question')
        await ada.send('POST', `${sessions}/${id}/resume`, { decision: answers[String(data['name'])] });
      return false;
    });
    assert.equal(again?.filter(({ event }) => event === 'question').length, 2);
    const end = again?.at(-1) ?? assert.fail();
    assert.equal(end.event, 'complete');
    assert.equal((end.data['output'] as { outcome: string }).outcome, 'opened');
    const rest = await follow(last.id, () => false);
    const known = (all: Told[] | null) =>
      all
        ?.filter(({ event, id: at }) => event !== 'question' && Number(at) > Number(last.id))
        .map(({ event, data }) => ({ event, data }));
    assert.deepEqual(known(rest), known(again));
    assert.equal(await follow(end.id, () => false), null);

    const broken = (await ada.send('POST', sessions, { ...begin, goal: 'broken', auto: true })).body.id;
    await finished(kernel, broken);
    const told = await fetch(`${address}${sessions}/${broken}/stream`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${ada.key}` },
    });
    assert.match(await told.text(), /event: error\ndata: .*"message":"The remote said no\./);
  }));
