import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBudget } from './budget.ts';

test('who asks for more than is left waits, in order, until enough was given back', async () => {
  const budget = openBudget(100, 'sandboxDiskMib');
  const served: string[] = [];
  await budget.take(60);
  const large = budget.take(80, () => served.push('large waits')).then(() => served.push('large'));
  const small = budget.take(10).then(() => served.push('small'));
  budget.give(60);
  await Promise.all([large, small]);
  await budget.take(10, () => served.push('never'));
  assert.deepEqual(served, ['large waits', 'large', 'small']);
});

test('more than there is at all is refused at once, and so is who waited too long', async () => {
  const budget = openBudget(100, 'sandboxDiskMib', 20);
  await assert.rejects(budget.take(101), { code: 'DISK_FULL' });
  await budget.take(100);
  await assert.rejects(budget.take(1), { code: 'DISK_FULL' });
  budget.give(100);
  await budget.take(100);
});

test('what is really used counts where it is more than what was taken', async () => {
  const budget = openBudget(100, 'sandboxStorageGib', 20);
  let written = 10;
  await budget.take(40);
  const stop = budget.follow(40, () => written);
  await budget.take(60);
  budget.give(60);
  written = 70;
  await assert.rejects(budget.take(60), { code: 'DISK_FULL' });
  await budget.take(30);
  budget.give(30);
  stop();
  budget.give(40);
  await budget.take(100);
});
