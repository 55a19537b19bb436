import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';

const gates = new Map<string, PromiseWithResolvers<undefined>>();

const working = defineCapability({
  name: 'working',
  input: z.strictObject({ id: z.string(), repository: z.string().nullable(), needs: z.string().nullable() }),
  output: z.null(),
  title: ({ id }) => id,
  repository: ({ repository }) => repository,
  needs: ({ needs }) => needs,
  run: async (ctx, { id }) => {
    await ctx.step('work', () => gateOf(id).promise);
    return null;
  },
});

function gateOf(id: string): PromiseWithResolvers<undefined> {
  const gate = gates.get(id) ?? Promise.withResolvers<undefined>();
  gates.set(id, gate);
  return gate;
}

async function start(
  { kernel }: TestKernel,
  id: string,
  repository: string | null,
  needs: string | null = null,
) {
  const input = { id, repository, needs };
  return (await kernel.start({ ...asSystem, capability: 'working', input })).run.id;
}

async function reasonOf({ kernel }: TestKernel, id: string) {
  await until(async () => (await kernel.queuedBecause({ id, status: 'queued' })) !== null);
  return kernel.queuedBecause(await kernel.get(id));
}

test('of five runs on one repository four work, and the fifth says what it waits for, then goes on', () =>
  withKernel({ capabilities: [working], caps: { perRepository: 4 } }, async (parts) => {
    const { kernel } = parts;
    await parts.work({ caps: { perRepository: 4 } });
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await start(parts, name, 'acme/shop'));
    const fifth = ids.at(-1) ?? '';
    assert.deepEqual(await reasonOf(parts, fifth), {
      ...{ limit: 'repository', of: 4, name: 'acme/shop' },
      text: 'Waits for its turn: 4 runs work on acme/shop already, which is the limit.',
    });
    assert.equal((await kernel.count({})).running.count, 4);
    gateOf('b').resolve(undefined);
    await until(async () => (await kernel.get(fifth)).status === 'running');
    assert.equal(await kernel.queuedBecause(await kernel.get(fifth)), null);
    for (const gate of ['a', 'c', 'd', 'e']) gateOf(gate).resolve(undefined);
    for (const id of ids) assert.equal((await finished(kernel, id)).status, 'succeeded');
  }));

test('a run that waits says so of a missing worker, of what none has, of full slots and of the other caps', () =>
  withKernel({ capabilities: [working], caps: { perUser: 3 } }, async (parts) => {
    const alone = await start(parts, 'alone', null);
    assert.deepEqual(await reasonOf(parts, alone), {
      ...{ limit: 'workers', of: 0, name: '' },
      text: 'Waits for a worker: none that takes runs is there.',
    });
    const worker = await parts.work({ slots: 1, offers: ['working/python'] });
    await until(async () => (await parts.kernel.get(alone)).status === 'running');
    const crowded = await start(parts, 'crowded', null);
    assert.equal(
      (await reasonOf(parts, crowded))?.text,
      'Waits for a free slot. The one slot of the workers is taken.',
    );
    const klingon = await start(parts, 'klingon', null, 'klingon');
    assert.deepEqual(await reasonOf(parts, klingon), {
      ...{ limit: 'need', of: 0, name: 'klingon' },
      text: 'Waits for a worker that has klingon: none that is there has it.',
    });
    for (const id of ['alone', 'crowded', 'klingon']) gateOf(id).resolve(undefined);
    assert.equal((await finished(parts.kernel, crowded)).status, 'succeeded');
    await worker.stop();
  }));
