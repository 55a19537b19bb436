import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { createLogger } from '../base/logger.ts';
import { defineCapability } from '../kernel/capability.ts';
import { until } from '../../test/support/until.ts';
import { asSystem, withKernel } from '../../test/support/with-kernel.ts';
import { letGoOfEnded } from './let-go.ts';

const waits = defineCapability({
  name: 'waits',
  input: z.null(),
  output: z.null(),
  title: () => 'Waits',
  run: async (ctx) => {
    await ctx.signal('go', z.null());
    return null;
  },
});

test('what is held of a run that is cancelled while it waits is let go of, and of no other', () =>
  withKernel({ capabilities: [waits] }, async ({ kernel, listener, work }) => {
    const released: string[] = [];
    const workspaces = { release: async (runId: string) => void released.push(runId) };
    const stop = letGoOfEnded(listener, workspaces, createLogger('silent'));
    await work();
    const begin = async () => {
      const { run } = await kernel.start({ ...asSystem, capability: 'waits', input: null });
      await until(async () => (await kernel.get(run.id)).status === 'waiting');
      return run.id;
    };
    const [gone, stays] = [await begin(), await begin()];
    await kernel.cancel(gone, null);
    await until(() => released.length > 0);
    assert.deepEqual([released, (await kernel.get(stays)).status], [[gone], 'waiting']);
    stop();
  }));
