import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { openPage, signInByLink, withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';
import { until } from '../support/until.ts';

const house = withServer({ GANTRY_RATE_LIMIT_PER_MINUTE: '0' });
const browsers = withBrowser();
const password = 'correct horse battery';
const ticking = 'for i in $(seq 1 3000); do echo "tick $i"; sleep 0.05; done';
type State = Awaited<ReturnType<BrowserContext['storageState']>>;
let owner: State | undefined;

interface Opened {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: readonly string[];
}

/** The owner's browser. */
async function enter(t: TestContext): Promise<Opened | undefined> {
  const context = await browsers.person(t);
  if (!context) return undefined;
  if (owner) await context.addCookies(owner.cookies);
  else await signInByLink(context, house.server().signInLink);
  owner ??= await context.storageState();
  return { context, ...(await openPage(context)) };
}

async function call<Answer = { id: string }>(
  context: BrowserContext,
  method: string,
  path: string,
  data?: unknown,
): Promise<Answer> {
  const { url } = house.server();
  const answer = await context.request.fetch(`${url}/api/v1${path}`, {
    method,
    headers: { origin: url },
    data,
  });
  const text = await answer.text();
  assert.ok(answer.ok(), `${method} ${path}: ${text}`);
  return JSON.parse(text) as Answer;
}

async function start(context: BrowserContext, content: string, name = 'main.sh'): Promise<string> {
  const program = { language: 'bash', files: [{ name, content }], limits: { wallMs: 120_000 } };
  return (await call(context, 'POST', '/executions', program)).id;
}

async function finished(context: BrowserContext, content: string, name?: string): Promise<string> {
  const id = await start(context, content, name);
  await until(async () => {
    const run = await call<{ finishedAt: string | null }>(context, 'GET', `/runs/${id}/summary`);
    return run.finishedAt !== null;
  });
  return id;
}

const address = (id: string, rest = '') => `${house.server().url}/runs/${id}${rest}`;
const log = (page: Page) => page.getByRole('log');

test('a run is followed live, caught up after a reload, and cancelled after a word of warning', async (t) => {
  const opened = await enter(t);
  if (!opened) return;
  const { context, page, problems } = opened;
  const id = await start(context, ticking);
  await page.goto(address(id));
  await log(page)
    .getByText(/^tick \d+$/)
    .first()
    .waitFor();
  await page.reload();
  await page.getByText('Following the end').waitFor();
  await log(page)
    .getByText(/^tick \d+$/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Cancel run' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/What it does now stops: run/).waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await dialog.getByRole('button', { name: 'Cancel run' }).click();
  await page.locator('header').getByText('Cancelled', { exact: true }).waitFor();
  await page.getByRole('tab', { name: /Timeline/ }).click();
  await page.getByText(/Cancelled by /).waitFor();
  assert.deepEqual(problems, []);
});

test('what one person does to a run, another sees at once, by name; a viewer sees why nothing can be done', async (t) => {
  const opened = await enter(t);
  const context = await browsers.person(t);
  if (!opened || !context) return;
  const email = 'vera@example.com';
  await call(opened.context, 'POST', '/users', { name: 'Vera', email, role: 'viewer', password });
  const { url } = house.server();
  const headers = { origin: url };
  await context.request.post(`${url}/api/auth/sign-in/email`, { headers, data: { email, password } });
  const { page } = await openPage(context);
  const id = await start(opened.context, ticking);
  await page.goto(address(id, '?tab=timeline'));
  const cancel = page.getByRole('button', { name: 'Cancel run' });
  await cancel.waitFor();
  assert.equal(await cancel.isDisabled(), true);
  assert.match((await cancel.getAttribute('title')) ?? '', /Viewers look on/);
  await call(opened.context, 'PATCH', `/runs/${id}`, { priority: 'low' });
  await page.getByText(/set the priority to low/).waitFor();
  await call(opened.context, 'POST', `/runs/${id}/cancel`);
  await page.locator('header').getByText('Cancelled', { exact: true }).waitFor();
});

test('the log finds, filters, and links to a line; nothing in it acts on the page', async (t) => {
  const opened = await enter(t);
  if (!opened) return;
  const { context, page, problems } = opened;
  const evil = String.raw`printf '\033]0;owned\007<img src=x onerror="window.harmed=1">\n'; echo wrong >&2`;
  const id = await finished(context, `seq -f 'line %g' 1 3000; ${evil}`);
  await page.goto(address(id, '?tab=log#L1500'));
  await log(page).getByText('line 1497', { exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.getByRole('textbox', { name: 'Find in the log' }).fill('line 29');
  await page.getByText('1 of 111').waitFor();
  await log(page).getByText('line 29', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Errors/ }).click();
  await log(page).getByText('wrong', { exact: true }).waitFor();
  assert.equal(await log(page).getByText('line', { exact: false }).count(), 0);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('button', { name: /^Jump to the end/ }).click();
  await log(page).getByText('<img src=x onerror="window.harmed=1">').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  assert.deepEqual(problems, []);
});

test('a fork says what it keeps, and the run that comes of it says where it comes from and what differs', async (t) => {
  const opened = await enter(t);
  if (!opened) return;
  const { context, page } = opened;
  const id = await finished(context, 'date +%s%N', 'time.sh');
  await page.goto(address(id, '?tab=timeline'));
  await page.getByRole('button', { name: 'Actions of run' }).click();
  await page.getByRole('menuitem', { name: 'Fork from here' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nothing is kept').waitFor();
  await dialog.getByRole('button', { name: 'Start the fork' }).click();
  await page.getByText('Forks', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Diff' }).click();
  await page.getByRole('region', { name: '/dev/stdout' }).waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.getByRole('link', { name: 'bash time.sh' }).click();
  await page.getByText('Forked by').waitFor();
});

test('tabs have keys and stay in the address; what came of the program is said in a sentence', async (t) => {
  const opened = await enter(t);
  if (!opened) return;
  const { context, page } = opened;
  const id = await finished(context, 'echo out; exit 3');
  await page.goto(address(id));
  await page.getByText(/Ended with exit code 3/).waitFor();
  await page.keyboard.press('4');
  await page.getByRole('table').getByText('run.succeeded').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('tab'), 'events');
  await page.reload();
  await page.getByRole('button', { name: 'run.succeeded' }).click();
  await page.getByRole('region', { name: /Data of event/ }).waitFor();
  assert.deepEqual(await axeViolations(page), []);
});
