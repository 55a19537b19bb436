import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeViolations } from '../support/axe.ts';
import { withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';
import { withPeople } from '../support/people.ts';
import { until } from '../support/until.ts';

const house = withServer();
const { api, signedIn } = withPeople(house, withBrowser());

test('an admin changes a setting, everybody sees it at once, and an old version comes back', async (t) => {
  const [ada, mia] = [await signedIn(t, 'Ada', 'admin'), await signedIn(t, 'Mia', 'member')];
  if (!ada || !mia) return;
  await ada.goto(`${house.server().url}/system/settings`);
  await ada.getByRole('textbox', { name: 'Notice' }).fill('Maintenance at 18:00 <b>today</b>');
  await ada.getByRole('textbox', { name: 'Requests of one user or key' }).fill('777');
  await ada.getByLabel('Why').fill('a busy evening');
  await ada.getByRole('button', { name: 'Save' }).click();
  await ada.getByText('Saved. It holds everywhere now.').waitFor();
  await ada.getByText('2 changes are not saved').waitFor({ state: 'detached' });
  assert.equal((await api('GET', '/runs')).headers.get('x-ratelimit-limit'), '777');

  await mia.goto(house.server().url);
  await mia.getByText('Maintenance at 18:00 <b>today</b>').waitFor();
  const history = ada.getByRole('list', { name: 'History' });
  await history.getByText('a busy evening').waitFor();
  await history.getByText('777 per minute').waitFor();
  assert.deepEqual(await axeViolations(ada), []);

  await ada.getByRole('button', { name: 'Restore the defaults' }).click();
  const dialog = ada.getByRole('dialog');
  await dialog.getByText('600 per minute').or(dialog.getByText('default')).first().waitFor();
  await dialog.getByRole('button', { name: 'Restore the defaults' }).click();
  await history.getByText('Version 2').waitFor();
  await until(async () => (await api('GET', '/runs')).headers.get('x-ratelimit-limit') === '600');
  assert.equal(await ada.getByRole('textbox', { name: 'Notice' }).inputValue(), '');
});

test('a mistake is told at its field, in its unit, and nothing is sent', async (t) => {
  const page = await signedIn(t, 'Ines', 'admin');
  if (!page) return;
  const before = (await api('GET', '/settings')).body.version;
  await page.goto(`${house.server().url}/system/settings`);
  const field = page.getByRole('textbox', { name: 'Time of a program that names none' });
  await field.fill('301');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('At most 300.').waitFor();
  assert.equal(await field.evaluate('document.activeElement?.getAttribute("name")'), 'executionWallMs');
  await field.fill('0.5');
  await page.getByRole('button', { name: 'Discard' }).click();
  assert.equal(await field.inputValue(), '10');
  assert.equal((await api('GET', '/settings')).body.version, before);
});

test('of two admins who change settings at once, the second is told and loses nothing', async (t) => {
  const [one, other] = [await signedIn(t, 'Olga', 'admin'), await signedIn(t, 'Otto', 'admin')];
  if (!one || !other) return;
  const url = `${house.server().url}/system/settings`;
  await one.goto(url);
  await other.goto(url);
  await other.getByRole('textbox', { name: 'Runs that may wait' }).fill('55');
  await one.getByRole('textbox', { name: 'Runs that may wait' }).fill('44');
  await one.getByRole('button', { name: 'Save' }).click();
  await one.getByText('Saved. It holds everywhere now.').waitFor();
  await other.getByRole('textbox', { name: 'Finished runs' }).fill('60');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText('Somebody else changed the settings meanwhile').waitFor();
  await other.getByRole('button', { name: 'Load theirs, keep my changes' }).click();
  await other.getByText('Somebody else changed the settings meanwhile').waitFor({ state: 'detached' });
  assert.equal(await other.getByRole('textbox', { name: 'Runs that may wait' }).inputValue(), '55');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText('Saved. It holds everywhere now.').waitFor();
  const { body } = await api('GET', '/settings');
  assert.deepEqual(
    [body.values.maxQueued, body.values.retentionDays, body.changed.maxQueued.by.name],
    [55, 60, 'Otto'],
  );
  const { items } = (await api('GET', '/settings/history')).body;
  assert.deepEqual(items[0].changes.map((change: { from: unknown }) => change.from).toSorted(), [44, null]);
});

test('the audit log shows what was done and refused, narrowed down and downloaded; a member sees none of it', async (t) => {
  const [ada, max] = [await signedIn(t, 'Alma', 'admin'), await signedIn(t, 'Max', 'member')];
  if (!ada || !max) return;
  await api('PUT', '/secrets/DEPLOY_TOKEN', { value: 'canary of a secret' });
  await ada.goto(`${house.server().url}/system/audit`);
  const rows = ada.getByRole('region', { name: 'Acts, the latest first' });
  await rows.getByText('Seal a secret, or replace one').first().waitFor();
  assert.equal((await ada.content()).includes('canary'), false);
  assert.deepEqual(await axeViolations(ada), []);

  await ada.getByLabel('About').selectOption('secrets');
  await ada.getByLabel('Id or name').fill('DEPLOY_TOKEN');
  await ada.getByLabel('Id or name').press('Enter');
  await ada.waitForURL(/target=DEPLOY_TOKEN/);
  await until(async () => (await rows.getByRole('row').count()) === 2);
  await rows.getByRole('button', { name: 'Details: Seal a secret, or replace one' }).click();
  const drawer = ada.getByRole('dialog');
  await drawer.getByText('PUT /secrets/:name').waitFor();
  assert.deepEqual(await axeViolations(ada), []);
  await ada.keyboard.press('Escape');

  await ada.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    ada.waitForEvent('download'),
    ada.getByRole('menuitem', { name: 'As CSV' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'gantry-audit.csv');
  await download.cancel();

  await max.goto(`${house.server().url}/system/audit`);
  await max.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await max.getByText('Seal a secret').count(), 0);
  await max.goto(`${house.server().url}/system/settings`);
  await max.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await max.getByRole('textbox', { name: 'Runs that may wait' }).count(), 0);
  for (const path of ['/settings', '/settings/history', '/audit', '/audit/export']) {
    const status: number = (await max.request.get(`${house.server().url}/api/v1${path}`)).status();
    assert.equal(status, 403, path);
  }
});
