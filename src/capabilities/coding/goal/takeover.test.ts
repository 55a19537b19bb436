import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAgreeing } from '../../../../test/support/agreeing-story.ts';
import { agreeing, criticizes, plans, proposes, stepOf } from '../../../../test/support/debate-script.ts';
import { loseWithMachine, spawnSessionWorker } from '../../../../test/support/session-worker.ts';
import { withSessions, type Sessions } from '../../../../test/support/sessions.ts';
import { goalStateSchema } from '../schema.ts';

const story = {
  module: import.meta.resolve('../../../../test/support/agreeing-story.ts'),
  name: createAgreeing.name,
};

test('workers die between proposer and critic, and while a person is asked: others end the session, and nothing is paid for twice', () =>
  withSessions({ create: createAgreeing, files: { 'a.txt': 'one\n' }, idle: true }, async (sessions) => {
    const { kernel, remote, start, asked, answer, ended, calls, states, events } = sessions;
    const agents = {
      ...agreeing,
      'proposer 2.1': proposes('Better', { when: { matches: 'Say more\\.[^]*It works' } }),
      'critic 1.1': criticizes(null, { when: 'It works', delayMs: 500 }),
      planner: plans([stepOf('a')], { when: 'Better' }),
    };
    const first = await spawnSessionWorker(kernel.url, remote, story);
    const id = await start({ script: { agents } });
    await proposed(sessions, id);
    await loseWithMachine(first);
    const second = await spawnSessionWorker(kernel.url, remote, story);
    await asked(id, 'goal');
    await loseWithMachine(second);
    await kernel.work();
    await answer(id, 'refine', { comment: 'Say more.' });
    await asked(id, 'goal');
    await answer(id, 'accept');
    await asked(id, 'plan');
    await answer(id, 'approve');
    const { goal, plan } = (await ended(id)) as { goal: { kind: string }; plan: { kind: string } };
    assert.deepEqual([goal.kind, plan.kind], ['accepted', 'approved']);
    assert.deepEqual(await calls(id), [
      ...['proposer 1.1', 'critic 1.1', 'judge 1.1'],
      ...['proposer 2.1', 'critic 2.1', 'judge 2.1', 'planner 1'],
    ]);
    const workers = (await events(id)).flatMap(({ type, data }) =>
      type === 'run.started' ? [data.worker] : [],
    );
    assert.equal(new Set(workers).size, 3);
    const told = (await states(id, 'goal')).map((state) => JSON.stringify(state));
    const changes = told.filter((state, index) => state !== told[index - 1]);
    assert.equal(changes.length, new Set(changes).size, 'a state came back after another one');
    assert.equal(changes.length, 11);
    assert.equal(goalStateSchema.parse(JSON.parse(changes.at(-1) ?? '')).status, 'accepted');
  }));

/** Waits until the first proposal is made. */
async function proposed({ kernel }: Sessions, id: string): Promise<void> {
  for await (const event of kernel.kernel.follow(id, 0, AbortSignal.timeout(30_000))) {
    if (event.type !== 'state' || event.data.key !== 'goal') continue;
    const [iteration] = goalStateSchema.parse(event.data.value).iterations;
    if (iteration?.rounds[0]?.proposal) return;
  }
}
