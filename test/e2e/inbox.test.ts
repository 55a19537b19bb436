import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, newContext, openPage, signInByLink, withBrowser } from '../support/browser.ts';
import { gantryUp, makeDataDir, stopGantry, type GantryUp } from '../support/gantry-up.ts';
import { startMailServer, type MailServer } from '../support/mail-server.ts';
import { until } from '../support/until.ts';

const { person } = withBrowser();
const password = 'correct horse battery';

interface Answer {
  readonly id: string;
  readonly asks: unknown;
  readonly finishedAt: string | null;
  readonly output: { readonly stopped: boolean } | null;
}

interface House {
  readonly server: GantryUp;
  readonly mail: MailServer;
  readonly admin: BrowserContext;
  /** Runs of which a replay can be made; they only looked, and need nothing of the machine. */
  readonly runs: readonly string[];
  close(): Promise<void>;
}

let house: Promise<House> | undefined;
after(async () => (await house)?.close());

/** One server with a mail server and an admin who is signed in, for all tests; skips where there is no browser. */
async function enter(t: TestContext): Promise<House | undefined> {
  if (!(await person(t))) return undefined;
  house ??= open();
  return house;
}

async function open(): Promise<House> {
  const browser = await launchChromium();
  const [place, mail, admin] = [await makeDataDir(), await startMailServer(), await newContext(browser, {})];
  const smtp = { GANTRY_SMTP_URL: mail.url, GANTRY_MAIL_FROM: 'Gantry <gantry@example.com>' };
  const server = await gantryUp({ ...place.env, ...smtp, GANTRY_RATE_LIMIT_PER_MINUTE: '0' });
  await signInByLink(admin, server.signInLink);
  const runs = [];
  for (let n = 0; n < 11; n += 1) {
    const look = { filter: { q: 'none' }, dryRun: true };
    const { id } = await call(admin, server, 'POST', '/replays', look);
    await until(async () => (await call(admin, server, 'GET', `/runs/${id}`)).finishedAt !== null);
    runs.push(id);
  }
  const close = async () => {
    await browser.close();
    await stopGantry(server);
    await Promise.all([mail.close(), place.remove()]);
  };
  return { server, mail, admin, runs, close };
}

/** A request of this person's; answers what came. */
async function call(
  who: BrowserContext,
  { url }: GantryUp,
  method: string,
  path: string,
  data?: unknown,
): Promise<Answer> {
  const answer = await who.request.fetch(`${url}/api/v1${path}`, { method, headers: { origin: url }, data });
  const text = await answer.text();
  assert.ok(answer.ok(), `${method} ${path}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** Starts a replay of the admin's that asks whether to start eleven runs again; answers its id. */
async function ask({ admin, server, runs }: House): Promise<string> {
  const { id } = await call(admin, server, 'POST', '/replays', { filter: { ids: runs } });
  await until(async () => (await call(admin, server, 'GET', `/runs/${id}`)).asks !== null);
  return id;
}

async function join({ admin, server }: House, t: TestContext, name: string, role: string) {
  const email = `${name}@example.com`;
  await call(admin, server, 'POST', '/users', { name, email, role, password });
  const context = await person(t);
  assert.ok(context);
  const headers = { origin: server.url };
  await context.request.post(`${server.url}/api/auth/sign-in/email`, { headers, data: { email, password } });
  return context;
}

const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

test('two people look at one question: one answers it by a key, the other sees whose answer it was', async (t) => {
  const house = await enter(t);
  if (!house) return;
  const { server, admin } = house;
  const { page, problems } = await openPage(admin);
  await page.goto(`${server.url}/inbox`);
  await shows(page, 'Nothing waits for you');
  assert.deepEqual(await axeViolations(page), []);
  const id = await ask(house);
  await page.getByRole('link', { name: /Start 11 runs again/ }).waitFor();
  await until(async () => (await page.title()).startsWith('(1) Inbox'));
  assert.deepEqual(await axeViolations(page), []);
  const jon = await join(house, t, 'Jon', 'admin');
  const other = await openPage(jon);
  await other.page.goto(`${server.url}/runs/${id}`);
  await other.page.getByRole('button', { name: 'Start none' }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
  await page.keyboard.press('a');
  await shows(page, 'Answered: Start 11 runs.');
  await shows(page, 'Nothing waits for you');
  await until(async () => !(await page.title()).startsWith('('));
  await shows(other.page, /Admin answered.*Start 11 runs/);
  await other.page.getByRole('button', { name: 'Start none' }).waitFor({ state: 'detached' });
  await page.goto(`${server.url}/inbox?view=archived`);
  await shows(page, /You answered: Start 11 runs/);
  assert.deepEqual([...problems, ...other.problems], []);
});

test('items are reached, put away and brought back by keys, and refusing asks first', async (t) => {
  const house = await enter(t);
  if (!house) return;
  const { server, admin } = house;
  await ask(house);
  const id = await ask(house);
  const { page, problems } = await openPage(admin);
  await page.goto(`${server.url}/inbox`);
  const current = page.locator('[data-item][data-picked]');
  await current.waitFor();
  const first = await current.getAttribute('data-item');
  await page.keyboard.press('j');
  await page.locator(`[data-item][data-picked]:not([data-item="${first}"])`).waitFor();
  assert.match(page.url(), /\/inbox\/[0-9a-f-]+$/);
  await page.keyboard.press('k');
  await page.waitForURL(new RegExp(`/inbox/${first}$`));
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator(`[data-item="${first}"]`).click();
  await page.keyboard.press('Shift+R');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await dialog.getByRole('button', { name: 'Start none' }).click();
  await until(async () => (await call(admin, server, 'GET', `/runs/${id}`)).finishedAt !== null);
  assert.equal((await call(admin, server, 'GET', `/runs/${id}`)).output?.stopped, true);
  assert.deepEqual(problems, []);
});

test('on a narrow screen the answer is a page of its own; a viewer has an inbox and is never asked', async (t) => {
  const house = await enter(t);
  if (!house) return;
  const { server, admin } = house;
  const id = await ask(house);
  const narrow = await openPage(admin);
  await narrow.page.setViewportSize({ width: 390, height: 844 });
  await narrow.page.goto(`${server.url}/inbox`);
  const row = narrow.page.getByRole('link', { name: /Start 11 runs again/ }).first();
  await row.waitFor();
  assert.equal(await narrow.page.getByRole('button', { name: 'Start 11 runs' }).isVisible(), false);
  await row.click();
  await narrow.page.getByRole('button', { name: 'Start 11 runs' }).waitFor();
  assert.equal(await row.isVisible(), false);
  assert.deepEqual(await axeViolations(narrow.page), []);
  await narrow.page.getByRole('link', { name: 'All items' }).click();
  await row.waitFor();
  const vera = await join(house, t, 'Vera', 'viewer');
  const { page } = await openPage(vera);
  await page.goto(`${server.url}/inbox`);
  await shows(page, 'Nothing waits for you');
  await page.goto(`${server.url}/runs/${id}`);
  await shows(page, /Admin is asked/);
  assert.equal(await page.getByRole('button', { name: 'Start 11 runs' }).count(), 0);
});

test('a person chooses mail, tries it, and is mailed when a run waits', async (t) => {
  const house = await enter(t);
  if (!house) return;
  const { server, admin, mail } = house;
  const { page } = await openPage(admin);
  await page.goto(`${server.url}/account/notifications`);
  await page.getByRole('checkbox', { name: 'A run waits for you: E-mail' }).click();
  await page.getByRole('button', { name: 'Send a test message' }).click();
  await shows(page, /The mail server took a message/);
  assert.deepEqual(await axeViolations(page), []);
  assert.equal(mail.taken.length, 1);
  const id = await ask(house);
  await until(() => mail.taken.length === 2);
  // Mail programs fold long lines.
  assert.ok((mail.taken[1]?.text ?? '').replaceAll(/=\r\n/g, '').includes(id));
});
