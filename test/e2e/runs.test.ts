import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { openPage, signInByLink, withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';

const house = withServer();
const browsers = withBrowser();
const password = 'correct horse battery';
const hostile = `<img src=x onerror="window.harmed=1">\u202e.py`;

let owner: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: readonly string[];
  /** Runs a program to its end; answers the run's id. */
  run(name: string, content: string): Promise<string>;
}

async function visit(t: TestContext): Promise<Visit | undefined> {
  const context = await browsers.person(t);
  if (!context) return undefined;
  const { url, signInLink } = house.server();
  if (owner) await context.addCookies(owner.cookies);
  else await signInByLink(context, signInLink);
  owner ??= await context.storageState();
  const run = async (name: string, content: string) => {
    const answer = await context.request.post(`${url}/api/v1/executions?wait=true`, {
      headers: { origin: url },
      data: { language: 'bash', files: [{ name, content }] },
    });
    assert.equal(answer.status(), 200, await answer.text());
    return ((await answer.json()) as { id: string }).id;
  };
  return { context, ...(await openPage(context)), run };
}

const at = (path: string) => `${house.server().url}${path}`;
const row = (page: Page, id: string) => page.locator(`tr[data-run="${id}"]`);
const field = (page: Page) =>
  page.getByRole('combobox', { name: 'Filter runs' }).or(page.getByLabel('Filter runs')).first();

test('the list is filtered by text, tokens and chips, which the address keeps', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { page, run, problems } = visited;
  const [apples, pears] = [await run('apples.sh', 'true'), await run(hostile, 'true')];
  await page.goto(at('/runs'));
  await row(page, apples).waitFor();
  await row(page, pears).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('apples');
  await row(page, pears).waitFor({ state: 'detached' });
  await page.waitForURL(/filter=apples/);
  await page.getByRole('button', { name: /^Failed/ }).click();
  await page.getByText('No run matches').waitFor();
  assert.equal(await field(page).inputValue(), 'apples status:failed');
  await page.reload();
  await page.getByText('No run matches').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row(page, pears).waitFor();
  assert.equal(await page.evaluate('window.harmed'), undefined);
  assert.deepEqual(problems, []);
});

test('tokens are completed while they are typed', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { page } = visited;
  await page.goto(at('/runs'));
  await page.locator('h1').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('sta');
  await page.getByRole('option', { name: /^status:/ }).click();
  await page.getByRole('option', { name: 'status:succeeded' }).waitFor();
  await page.keyboard.type('succ');
  await page.getByRole('option', { name: 'status:succeeded' }).click();
  await page.waitForURL(/status%3Asucceeded|status:succeeded/);
  assert.deepEqual(await axeViolations(page), []);
});

test('a new run waits above the list until it is brought in, and a run in the list changes in place', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { page, run, context } = visited;
  const first = await run('before.sh', 'true');
  await page.goto(at('/runs'));
  await row(page, first).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const added = await run('after.sh', 'true');
  const line = page.getByRole('button', { name: '1 new run' });
  await line.waitFor();
  assert.equal(await row(page, added).count(), 0);
  await line.click();
  await row(page, added).getByText('Succeeded').waitFor();
  const { url } = house.server();
  await context.request.delete(`${url}/api/v1/runs/${added}`, { headers: { origin: url } });
  await row(page, added).waitFor({ state: 'detached' });
});

test('runs are walked, selected and acted on by keys, and each refusal says why', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { page, run } = visited;
  const [older, newer] = [await run('k1.sh', 'true'), await run('k2.sh', 'true')];
  await page.goto(at('/runs'));
  await row(page, newer).waitFor();
  for (const key of ['j', 'x', 'j', 'Shift+X']) await page.keyboard.press(key);
  await page.getByText('2 runs selected').waitFor();
  assert.equal(await row(page, older).getAttribute('data-selected'), 'true');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('dialog', { name: 'Cancel these 2 runs?' }).waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.getByRole('button', { name: 'Cancel 2 runs' }).click();
  await page.getByText('2 runs were refused:').first().waitFor();
  await page.getByText('has already succeeded').first().waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await row(page, newer).getByRole('link').focus();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByRole('button', { name: 'Retry run' }).click();
  await page.getByText('1 new run has started.').waitFor();
  await row(page, newer).getByRole('link').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/runs/${newer}`));
});

test('a viewer sees the runs and nothing to do with them', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { context, run } = visited;
  const id = await run('seen.sh', 'true');
  const { url } = house.server();
  const email = 'viewer@example.com';
  const made = await context.request.post(`${url}/api/v1/users`, {
    headers: { origin: url },
    data: { name: 'Vera', email, role: 'viewer', password },
  });
  assert.ok(made.ok(), await made.text());
  const other = await browsers.person(t);
  if (!other) return;
  await other.request.post(`${url}/api/auth/sign-in/email`, {
    headers: { origin: url },
    data: { email, password },
  });
  const { page } = await openPage(other);
  await page.goto(at('/runs'));
  await row(page, id).waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 0);
  await page.goto(at('/'));
  await page.getByText('you see every run, and start none').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Run', exact: true }).count(), 0);
});

test('a program is run from the start page, and is there to pick up', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { page } = visited;
  await page.goto(at('/'));
  await page.getByRole('button', { name: /^Run/ }).first().click();
  await page.getByText('Type a program first.').waitFor();
  await page.getByLabel('Program to run').fill('print(6 * 7)');
  await page.getByLabel('Program to run').press('Control+Enter');
  await page.waitForURL(/\/playground\?run=/);
  await page.getByText('42').first().waitFor();
  await page.goto(at('/'));
  await page
    .getByRole('link', { name: /main\.py/ })
    .first()
    .waitFor();
});

test('what runs used is shown by day as a chart and as a table', async (t) => {
  const visited = await visit(t);
  if (!visited) return;
  const { page, run, problems } = visited;
  await run('used.sh', 'true');
  await page.goto(at('/usage'));
  await page.getByRole('img', { name: 'Runs by day' }).waitFor();
  await page.getByRole('button', { name: 'Show as table' }).click();
  await page.getByRole('region', { name: 'All by day' }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: 'CSV' })
      .click()
      .then(() => page.getByRole('menuitem', { name: 'By day' }).click()),
  ]);
  assert.match(file.suggestedFilename(), /^gantry-usage-by-day-.*\.csv$/);
  assert.deepEqual(problems, []);
});
