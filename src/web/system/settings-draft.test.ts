import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceSettingsSchema, type InstanceSettingsView } from '../../contract/settings.ts';
import { testDefaults } from '../../../test/support/settings.ts';
import { changesOf, differenceOf, mistakeIn, overridesAt, shownOf, withTyped } from './settings-draft.ts';
import { settingFields, settingGroups } from './settings-fields.ts';

const view: InstanceSettingsView = {
  version: 2,
  values: { ...testDefaults, maxQueued: 5 },
  overrides: { maxQueued: 5 },
  defaults: testDefaults,
  sources: {},
  bounds: { maxQueued: { min: 1, max: 1000 }, executionWallMs: { min: 1, max: 300_000 } },
  changed: {},
};

test('the page shows every setting that there is, once', () => {
  const shown = Object.values(settingGroups).flat();
  assert.deepEqual(shown.toSorted(), Object.keys(instanceSettingsSchema.shape).toSorted());
  assert.deepEqual(Object.keys(settingFields).toSorted(), shown.toSorted());
});

test('numbers are typed in their shown unit and sent in the stored one', () => {
  assert.equal(shownOf('executionWallMs', view, {}), '10');
  assert.deepEqual(changesOf(view, { executionWallMs: '2.5', maxRunning: '1,000', maxQueued: ' 7 ' }), {
    executionWallMs: 2500,
    maxQueued: 7,
  });
  assert.deepEqual(changesOf(view, { maxQueued: 'many' }), { maxQueued: 'many' });
});

test('what equals what holds is no change, and back to the default is one only where something is set', () => {
  assert.deepEqual(withTyped(view, { maxQueued: '6' }, 'maxQueued', '5'), {});
  assert.deepEqual(withTyped(view, {}, 'maxQueued', null), { maxQueued: null });
  assert.deepEqual(withTyped(view, {}, 'maxRunning', null), {});
  assert.deepEqual(withTyped(view, {}, 'maxQueued', ''), { maxQueued: '' });
  assert.equal(shownOf('maxQueued', view, { maxQueued: null }), '1000');
});

test('mistakes are told in the shown unit', () => {
  assert.deepEqual(mistakeIn('maxQueued', '', view.bounds), { kind: 'wholeNumber' });
  assert.deepEqual(mistakeIn('maxQueued', '1.5', view.bounds), { kind: 'wholeNumber' });
  assert.deepEqual(mistakeIn('maxQueued', '0', view.bounds), { kind: 'tooSmall', min: '1' });
  assert.deepEqual(mistakeIn('executionWallMs', '301', view.bounds), { kind: 'tooLarge', max: '300' });
  assert.equal(mistakeIn('executionWallMs', '0.5', view.bounds), undefined);
});

test('an old version is found by walking the history back', () => {
  const of = (version: number, key: string, from: unknown, to: unknown) => ({
    version,
    at: '',
    by: { userId: '', name: '' },
    note: '',
    changes: [{ key, from, to }],
    restored: null,
  });
  const versions = [of(3, 'maxQueued', 5, 6), of(2, 'notice', null, 'Tea'), of(1, 'maxQueued', null, 5)];
  const present = { maxQueued: 6, notice: 'Tea' };
  assert.deepEqual(overridesAt(present, 3, versions, 1), { maxQueued: 5 });
  assert.deepEqual(overridesAt(present, 3, versions, 0), {});
  assert.equal(overridesAt(present, 3, versions.slice(1), 1), undefined);
  assert.deepEqual(differenceOf(present, { maxQueued: 5 }), [
    { key: 'notice', from: 'Tea', to: null },
    { key: 'maxQueued', from: 6, to: 5 },
  ]);
});
