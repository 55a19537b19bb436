import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import type { Run } from '../../src/contract/run.ts';
import { openDatabase } from '../../src/store/database.ts';
import { axeViolations } from '../support/axe.ts';
import { withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';
import { withPeople } from '../support/people.ts';
import { testDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';

const database = await testDatabase();
const db = openDatabase({ url: database.url, poolSize: 2, onError: () => undefined });
const house = withServer({ GANTRY_DATABASE_URL: database.url, GANTRY_SANDBOX_WARM: '0' });
const { api, signedIn } = withPeople(house, withBrowser());
after(async () => {
  await db.close();
  await database.drop();
});
const hostile = '</td><img src=x onerror="document.title=1">\u202E\u0007';

/** A run that has ended, made into one that ended as `status` under this title. */
async function endedRun(title: string, status: 'dead' | 'failed'): Promise<string> {
  const input = { language: 'bash', files: [{ name: 'a.sh', content: 'echo hi' }] };
  const { body } = await api('POST', '/executions?wait=true', input);
  const run = body as Run;
  const error = { code: 'WORKER_LOST', message: 'Given up after 5 attempts.' };
  await db.query('UPDATE runs SET status = $2, title = $3, error = $4, attempt = 5 WHERE id = $1', [
    run.id,
    status,
    title,
    JSON.stringify(error),
  ]);
  return run.id;
}

const newRunsOf = async (runId: string) =>
  (await db.query<{ id: string }>('SELECT id FROM runs WHERE origin_id = $1', [runId])).map(({ id }) => id);

test('the overview says in one sentence how Gantry stands, and lets a worker drain and go on', async (t) => {
  const page = await signedIn(t, 'Ada', 'admin');
  if (!page) return;
  await page.goto(`${house.server().url}/system`);
  await page.getByText('Healthy').waitFor();
  await page.getByRole('button', { name: 'Details of worker-1' }).click();
  await page
    .getByRole('dialog')
    .getByText(/^bash \d/)
    .waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Drain worker-1' }).click();
  await page.getByRole('button', { name: 'Drain worker', exact: true }).click();
  await page.getByText('All workers drain and begin nothing').waitFor();
  await page.getByRole('button', { name: 'Let worker-1 go on' }).click();
  await page.getByText('Healthy').waitFor();
});

test('a dead letter is retried or discarded in its place, whatever its title holds', async (t) => {
  const page = await signedIn(t, 'Bo', 'admin');
  if (!page) return;
  const [retried, discarded] = [await endedRun('Import prices', 'dead'), await endedRun(hostile, 'dead')];
  await page.goto(`${house.server().url}/system/dead-letters`);
  const row = page.getByRole('row').filter({ hasText: 'Import prices' });
  await row.getByText('Given up after 5 attempts.').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await row.getByRole('button', { name: 'Retry' }).click();
  await row.getByRole('link', { name: 'Open the new run' }).waitFor();
  const [fresh = ''] = await newRunsOf(retried);
  await until(async () => (await api('GET', `/runs/${fresh}`)).body.status === 'succeeded');

  const other = page.getByRole('row').filter({ hasText: 'onerror' });
  await other.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard run' }).click();
  await other.waitFor({ state: 'detached' });
  assert.equal((await api('GET', `/runs/${discarded}`)).status, 404);
  assert.notEqual(await page.title(), '1');
});

test('all dead letters are retried at once after asking, with what came of each', async (t) => {
  const page = await signedIn(t, 'Cy', 'admin');
  if (!page) return;
  const ids = [await endedRun('One', 'dead'), await endedRun('Two', 'dead')];
  await db.query(`UPDATE runs SET input = '{}' WHERE id = $1`, [ids[1]]);
  await page.goto(`${house.server().url}/system`);
  await page.getByRole('button', { name: 'Retry all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry 2 runs' }).click();
  await page.getByText('1 run was started again.').waitFor();
  await page.getByText('1 was refused:').waitFor();
  assert.equal((await newRunsOf(ids[0] ?? '')).length, 1);
  assert.equal((await newRunsOf(ids[1] ?? '')).length, 0);
});

test('runs are replayed: first which, then exactly these, with pause and stop at hand', async (t) => {
  const page = await signedIn(t, 'Di', 'admin');
  if (!page) return;
  const ids: string[] = [];
  for (const name of ['nightly one', 'nightly two', 'nightly three'])
    ids.push(await endedRun(name, 'failed'));
  const started = async () => (await Promise.all(ids.map(newRunsOf))).flat().length;
  await page.goto(`${house.server().url}/system/events?q=nightly`);
  await page.getByRole('button', { name: 'Replay these runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay runs' });
  await dialog.getByRole('textbox', { name: 'Runs per minute' }).fill('30');
  await dialog.getByRole('button', { name: 'Show which runs' }).click();
  await dialog.getByText('3 runs would start again.').waitFor();
  await dialog.getByRole('link', { name: 'nightly two' }).waitFor();
  assert.deepEqual(await axeViolations(page), []);
  assert.equal(await started(), 0);
  await dialog.getByRole('button', { name: 'Start 3 runs' }).click();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await dialog.getByText(/^Paused: \d of 3$/).waitFor();
  const before = await started();
  assert.ok(before < 3);
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await dialog.getByText('Started 3 of 3 runs.').waitFor();
  assert.equal(await started(), 3);
});

test('events are looked through, one is shown whole, and what matches is exported', async (t) => {
  const page = await signedIn(t, 'Eve', 'admin');
  if (!page) return;
  await endedRun('Export me', 'failed');
  await page.goto(`${house.server().url}/system/events?q=export&type=run.succeeded`);
  await page.getByRole('button', { name: 'run.succeeded', exact: true }).click();
  await page.getByRole('dialog').getByText('usage').first().waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^gantry-events-.*\.csv$/);
  const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? '', /,run\.succeeded,.*,Export me,/);
});

test('a member is told that only admins see this, and gets nothing of it', async (t) => {
  const page = await signedIn(t, 'Flo', 'member');
  if (!page) return;
  for (const path of [
    '/system',
    '/system/events',
    '/system/dead-letters',
    '/system/database',
    '/system/doctor',
  ]) {
    await page.goto(`${house.server().url}${path}`);
    await page.getByRole('heading', { name: 'Only admins see this page', level: 1 }).waitFor();
  }
  const answer = await page.request.get(`${house.server().url}/api/v1/system/overview`);
  assert.equal(answer.status(), 403);
  assert.equal(await page.getByRole('link', { name: 'System' }).count(), 0);
});
