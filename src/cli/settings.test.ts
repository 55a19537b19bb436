import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../../test/support/gantry-up.ts';
import type { AuditEntry } from '../contract/audit.ts';
import type { InstanceSettingsView, SettingsVersion } from '../contract/settings.ts';

const { cli, json } = withServer();

test('settings are listed, changed, and brought back at the command line', async () => {
  const before = await json<InstanceSettingsView>('settings');
  assert.equal(before.values.maxQueued, 1000);
  const set = await cli(
    'settings',
    'set',
    'maxQueued=200',
    'intakePaused=false',
    'notice=Tea at five',
    '--note',
    'tea',
  );
  assert.deepEqual([set.code, set.stdout], [0, 'Version 1 holds everywhere now.\n']);
  const again = await cli('settings', 'set', 'maxQueued=200');
  assert.equal(again.stdout, 'That is so already; nothing was changed.\n');
  assert.match((await cli('settings')).stdout, /maxQueued +200 +set here +1000 /);
  await json('settings', 'set', 'notice=');
  const [latest, first] = await json<SettingsVersion[]>('settings', 'history');
  assert.deepEqual(latest?.changes, [{ key: 'notice', from: 'Tea at five', to: null }]);
  assert.equal(first?.note, 'tea');
  const restored = await json<InstanceSettingsView>('settings', 'restore', '1');
  assert.deepEqual([restored.version, restored.values.notice], [3, 'Tea at five']);
});

test('what is no setting or does not fit is refused with what to do', async () => {
  for (const pair of ['maxQueue=5', 'maxQueued', '=5', '']) {
    const { code, stderr } = await cli('settings', 'set', pair);
    assert.equal(code, 2, pair);
    assert.match(stderr, /Write name=value; there is notice, /);
  }
  for (const pair of ['maxQueued=0', 'maxQueued=many', 'openRegistration=perhaps']) {
    assert.equal((await cli('settings', 'set', pair)).code, 2, pair);
  }
  assert.equal((await cli('settings', 'restore', 'two')).code, 2);
  assert.equal((await cli('settings', 'restore', '99')).code, 66);
});

test('the audit log is shown, and narrowed down', async () => {
  await cli('secrets', 'remove', 'NOTHING');
  const refused = await json<AuditEntry[]>('audit', '--refused', '--kind', 'secrets');
  assert.deepEqual(
    refused.map(({ operation, target, code }) => [operation, target, code]),
    [['DELETE /secrets/:name', 'NOTHING', 'NOT_FOUND']],
  );
  assert.match((await cli('audit', '--target', 'NOTHING')).stdout, /Delete a secret +NOTHING +NOT_FOUND/);
  assert.equal((await cli('audit', '--since', '2999-01-01')).stdout, 'No act matches.\n');
  assert.equal((await cli('audit', '--since', 'tomorrow-ish')).code, 2);
});
