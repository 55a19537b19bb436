import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, finished, withKernel, type TestKernel } from '../../test/support/with-kernel.ts';
import { defineCapability } from './capability.ts';

const done: string[] = [];
const story = (name: string, run: Parameters<typeof defineCapability>[0]['run']) =>
  defineCapability({ name, input: z.strictObject({}), output: z.unknown(), title: () => name, run });

const patient = story('patient', (ctx) =>
  ctx.step(
    'wait for the abort',
    (step) =>
      new Promise((_, reject) =>
        step.signal.addEventListener('abort', () => reject(new Error('let go')), { once: true }),
      ),
  ),
);
const asking = story('asking', (ctx) => ctx.signal('answer', z.unknown()));
const parent = story('parent', (ctx) => ctx.child('child', 'asking', {}));
const booking = story('booking', async (ctx) => {
  await ctx.step('flight', async () => 'LH1', {
    compensate: async (flight) => void done.push(`cancel ${flight}`),
  });
  await ctx.step('hotel', async () => 'H2', {
    compensate: async (hotel) => void done.push(`cancel ${hotel}`),
  });
  await ctx.signal('confirm', z.unknown());
  return ctx.step('pay', async () => {
    throw new GantryError('CONFLICT', 'The card was refused.');
  });
});
const capabilities = [patient, asking, parent, booking];
const start = ({ kernel }: TestKernel, capability: string) =>
  kernel.start({ ...asSystem, capability, input: {} }).then(({ run }) => run.id);
const reaches = ({ kernel }: TestKernel, id: string, status: string) =>
  until(async () => (await kernel.get(id)).status === status);

test('a queued run is cancelled on the spot and never starts', () =>
  withKernel({ capabilities }, async (test) => {
    const id = await start(test, 'patient');
    assert.equal((await test.kernel.cancel(id, 'somebody')).status, 'cancelled');
    const types = (await test.kernel.events(id, 0, 10)).map((event) => event.type);
    assert.deepEqual(types, ['run.queued', 'run.cancelled']);
    await assert.rejects(test.kernel.cancel(id, null), { code: 'RUN_FINISHED' });
  }));

test('cancelling a running run aborts the step that is under way, in another process as well', () =>
  withKernel({ capabilities }, async (test) => {
    await test.work();
    const id = await start(test, 'patient');
    await reaches(test, id, 'running');
    await test.kernel.cancel(id, 'somebody');
    const end = await finished(test.kernel, id);
    assert.equal(end.status, 'cancelled');
    const last = (await test.kernel.events(id, 0, 50)).at(-1);
    assert.deepEqual(last?.data, { by: 'somebody' });
  }));

test('cancelling a parent cancels its children too', () =>
  withKernel({ capabilities }, async (test) => {
    await test.work();
    const id = await start(test, 'parent');
    await until(
      async () =>
        (await test.kernel.list({ limit: 9, capability: 'asking', status: 'waiting' })).items.length === 1,
    );
    await reaches(test, id, 'waiting');
    assert.equal((await test.kernel.cancel(id, null)).status, 'cancelled');
    const [child] = (await test.kernel.list({ limit: 9, capability: 'asking' })).items;
    assert.equal(child?.status, 'cancelled');
  }));

test('a parent hears of the cancelled child and goes on', () =>
  withKernel({ capabilities }, async (test) => {
    await test.work();
    const id = await start(test, 'parent');
    await until(
      async () =>
        (await test.kernel.list({ limit: 9, capability: 'asking', status: 'waiting' })).items.length === 1,
    );
    const [child] = (await test.kernel.list({ limit: 9, capability: 'asking' })).items;
    await test.kernel.cancel(child?.id ?? '', null);
    const end = await finished(test.kernel, id);
    assert.equal(end.status, 'succeeded');
    assert.deepEqual(end.output, { runId: child?.id, status: 'cancelled', output: null });
  }));

test('a run that is cancelled while it waits undoes what it did, the latest first', () =>
  withKernel({ capabilities }, async (test) => {
    done.length = 0;
    await test.work();
    const id = await start(test, 'booking');
    await reaches(test, id, 'waiting');
    await test.kernel.cancel(id, null);
    assert.equal((await finished(test.kernel, id)).status, 'cancelled');
    assert.deepEqual(done, ['cancel H2', 'cancel LH1']);
  }));

test('a run that fails undoes what it did, and keeps its own error', () =>
  withKernel({ capabilities }, async (test) => {
    done.length = 0;
    await test.work();
    const id = await start(test, 'booking');
    await test.kernel.signal(id, 'confirm', true, null);
    const end = await finished(test.kernel, id);
    assert.equal(end.status, 'failed');
    assert.equal(end.error?.message, 'The card was refused.');
    assert.deepEqual(done, ['cancel H2', 'cancel LH1']);
    const kinds = (await test.kernel.steps(id))
      .filter((step) => step.kind === 'compensation')
      .map((step) => step.name);
    assert.deepEqual(kinds, ['undo hotel', 'undo flight']);
  }));
