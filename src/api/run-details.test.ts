import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { adding } from '../../test/support/stories.ts';
import { until } from '../../test/support/until.ts';
import { withApi, type TestUser } from '../../test/support/with-api.ts';
import { defineCapability } from '../kernel/capability.ts';

/** Writes `lines` lines, one event each, and starts a child if asked to. */
const writing = defineCapability({
  name: 'writing',
  input: z.strictObject({
    lines: z.int(),
    text: z.string().default('line'),
    child: z.boolean().default(false),
  }),
  output: z.object({ lines: z.int() }),
  title: ({ lines }) => `${lines} lines`,
  run: async (ctx, { lines, text, child }) => {
    await ctx.step('write', async (step) => {
      for (let at = 1; at <= lines; at += 1) {
        step.emit({ type: 'output', data: { stream: 'stdout', text: `${text} ${at}\n` } });
      }
      return { secretive: 'x'.repeat(100) };
    });
    if (child) await ctx.child('sum', 'adding', { a: 1, b: 2 });
    return { lines };
  },
});
const capabilities = [writing, adding];

async function finished(user: TestUser, input: object): Promise<string> {
  const { body: run } = await user.send('POST', '/api/v1/runs', { capability: 'writing', input });
  await until(async () => (await user.send('GET', `/api/v1/runs/${run.id}`)).body.status === 'succeeded');
  return run.id;
}

const seqs = (items: readonly { seq: number }[]) => items.map((event) => event.seq);

test('the events of a run page from its end backwards, and meet at its beginning', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const id = await finished(member, { lines: 20 });
    const path = `/api/v1/runs/${id}/events`;
    const all = seqs((await member.send('GET', `${path}?limit=1000`)).body.items);
    const found: number[] = [];
    let before: string | null = '2147483647';
    while (before !== null) {
      const { body: page } = await member.send('GET', `${path}?before=${before}&limit=7`);
      found.unshift(...seqs(page.items));
      before = page.next;
    }
    assert.deepEqual(found, all);
  }));

test('events come of the types asked for, or without some', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const id = await finished(member, { lines: 5 });
    const types = async (query: string) => {
      const { body } = await member.send('GET', `/api/v1/runs/${id}/events?${query}`);
      return body.items.map((event: { type: string }) => event.type);
    };
    assert.deepEqual(await types('types=run.started,run.succeeded'), ['run.started', 'run.succeeded']);
    const story = await types('without=output,log');
    assert.equal(story.includes('output'), false);
    assert.equal(story.at(-1), 'run.succeeded');
  }));

test('a page of large events is cut by their size, and the next goes on behind it', () =>
  withApi({ capabilities, settings: { bodyLimitBytes: 4_000_000 } }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const id = await finished(member, { lines: 6, text: 'x'.repeat(1_500_000) });
    const first = await member.send('GET', `/api/v1/runs/${id}/events?types=output`);
    assert.equal(first.body.items.length, 1);
    const rest = await member.send('GET', `/api/v1/runs/${id}/events?types=output&after=${first.body.next}`);
    assert.deepEqual([rest.body.items.length, rest.body.items[0].seq], [1, Number(first.body.next) + 1]);
  }));

test('the log is a text file that nothing in it can act on', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const id = await finished(member, { lines: 2, text: '\x1b[31mred\x1b]0;owned\x07 \u202eevil<b>' });
    const { headers, body, status } = await member.send('GET', `/api/v1/runs/${id}/log`);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(headers.get('content-disposition'), `attachment; filename="run-${id}.log"`);
    assert.match(body, /Z {2}stdout {2}red \\u202eevil<b> 1\n.*Z {2}stdout {2}red \\u202eevil<b> 2\n/);
    assert.match(body, /Z {2}gantry {2}Succeeded\n$/);
    const stranger = await join('member', 'stranger');
    assert.equal((await stranger.send('GET', `/api/v1/runs/${id}/log`)).status, 404);
  }));

test('steps come without what they returned, and one by one with it', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const id = await finished(member, { lines: 1 });
    const outline = await member.send('GET', `/api/v1/runs/${id}/steps?outputs=false`);
    assert.partialDeepStrictEqual(outline.body.items, [{ name: 'write', status: 'succeeded', output: null }]);
    const step = await member.send('GET', `/api/v1/runs/${id}/steps/0`);
    assert.deepEqual(step.body.output, { secretive: 'x'.repeat(100) });
    assert.equal((await member.send('GET', `/api/v1/runs/${id}/steps/7`)).status, 404);
  }));

test('a run names its parent, its children, what it retries and what retries it', () =>
  withApi({ capabilities }, async ({ join, work }) => {
    await work();
    const member = await join('member');
    const id = await finished(member, { lines: 1, child: true });
    const again = await member.send('POST', `/api/v1/runs/${id}/retry`);
    const relatives = async (runId: string) =>
      (await member.send('GET', `/api/v1/runs/${runId}/relatives`)).body;
    const family = await relatives(id);
    assert.equal(family.children.length, 1);
    assert.deepEqual(
      family.again.map((run: { id: string }) => run.id),
      [again.body.id],
    );
    assert.equal((await relatives(again.body.id)).origin.id, id);
    assert.equal((await relatives(family.children[0].id)).parent.id, id);
    const viewer = await join('viewer');
    assert.equal((await viewer.send('GET', `/api/v1/runs/${id}/relatives`)).body.again.length, 1);
  }));

test('ids of people become names, unknown ones are left out', () =>
  withApi({ capabilities }, async ({ join }) => {
    const [mira, jon] = [await join('member', 'Mira'), await join('viewer', 'Jon')];
    const { body } = await jon.send('GET', `/api/v1/people?ids=${mira.id},nobody,${jon.id}`);
    assert.deepEqual(body.names, { [mira.id]: 'Mira', [jon.id]: 'Jon' });
    const many = Array.from({ length: 101 }, () => 'x').join(',');
    assert.equal((await jon.send('GET', `/api/v1/people?ids=${many}`)).status, 400);
  }));
