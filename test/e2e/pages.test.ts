import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { openPage, signInByLink, withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';
import { addCommits, initBare } from '../support/git-repository.ts';

// By address, because the server's compiler settings don't know JSX, which the list leads to.
const list = new URL('../../src/web/pages.ts', import.meta.url).href;
const { pages } = (await import(list)) as { pages: readonly { path: string; bare?: true }[] };

const remotes = await mkdtemp(join(tmpdir(), 'gantry-pages-'));
after(() => rm(remotes, { recursive: true, force: true }));
// One person opens every page many times within a minute.
const house = withServer({ GANTRY_REPOSITORY_PATHS: remotes, GANTRY_RATE_LIMIT_PER_MINUTE: '0' });
const browsers = withBrowser();
const narrow = { width: 390, height: 844 };
const wide = { width: 1280, height: 860 };
const hostile = `<img src=x onerror="window.harmed=1">'"&\u202e.py`;

let owner: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
let seeded: Promise<Readonly<Record<string, string>>> | undefined;

/** The owner's browser, on a server in which something has happened. */
async function ownersPage(
  t: TestContext,
): Promise<{ page: Page; problems: string[]; at: string } | undefined> {
  const context = await browsers.person(t);
  if (!context) return undefined;
  const { url, signInLink } = house.server();
  if (owner) await context.addCookies(owner.cookies);
  else await signInByLink(context, signInLink);
  owner ??= await context.storageState();
  seeded ??= seed(context, url);
  await seeded;
  return { ...(await openPage(context)), at: url };
}

/** Somebody who is not signed in: pages outside of the shell lead others on to the start. */
async function strangersPage(
  t: TestContext,
): Promise<{ page: Page; problems: string[]; at: string } | undefined> {
  const context = await browsers.person(t);
  return context && { ...(await openPage(context)), at: house.server().url };
}

/** A program that ends well, one that fails and speaks in colours, one with a hostile name. */
async function seed(context: BrowserContext, url: string): Promise<Record<string, string>> {
  const run = async (name: string, content: string) => {
    const answer = await context.request.post(`${url}/api/v1/executions?wait=true`, {
      headers: { origin: url },
      data: { language: 'python', files: [{ name, content }] },
    });
    assert.equal(answer.status(), 200, await answer.text());
    return ((await answer.json()) as { id: string }).id;
  };
  await run('main.py', 'print("hello")');
  await run(hostile, 'print("<script>window.harmed=1</script>")');
  const runId = await run(
    'fails.py',
    'import sys\nprint("\\x1b[31mred\\x1b[0m", file=sys.stderr)\nsys.exit(3)',
  );
  const me = (await (await context.request.get(`${url}/api/v1/me`)).json()) as { userId: string };
  const remote = join(remotes, 'acme', 'shop.git');
  await initBare(remote);
  await addCommits(remote, [{ message: 'Begin', files: { a: 'a' } }]);
  const connected = await context.request.post(`${url}/api/v1/repositories`, {
    headers: { origin: url },
    data: { url: remote },
  });
  assert.equal(connected.status(), 201, await connected.text());
  return {
    repository: 'acme%2Fshop',
    runId,
    itemId: '01a1fe7b-0000-7000-8000-000000000000',
    userId: me.userId,
  };
}

async function addressOf(path: string): Promise<string> {
  const known: Readonly<Record<string, string>> = (await seeded) ?? {};
  return path.replaceAll(
    /\$(\w+)/g,
    (_all, name: string) => known[name] ?? assert.fail(`no value for $${name} of ${path}`),
  );
}

/** In the page: resolves when nothing has changed for a quarter of a second, at most three seconds long. */
const quiet = `new Promise((done) => {
  let timer = setTimeout(done, 250);
  setTimeout(done, 3000);
  new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(done, 250);
  }).observe(document, { subtree: true, childList: true, attributes: true });
})`;

/** Waits until the page stands: nothing is a skeleton any more, and nothing moves. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'hidden' });
  await page.evaluate(quiet);
}

async function assertSound(
  page: Page,
  problems: string[],
  what: string,
  about: Parameters<typeof axeViolations>[1] = 'all',
): Promise<void> {
  assert.deepEqual(await axeViolations(page, about), [], what);
  assert.equal(
    await page.evaluate('document.documentElement.scrollWidth > innerWidth'),
    false,
    `${what} scrolls sideways`,
  );
  assert.deepEqual(problems, [], what);
  assert.equal(await page.evaluate('window.harmed'), undefined, `${what} ran what it shows`);
}

assert.ok(pages.length > 8, `only ${pages.length} pages are listed`);
for (const { path, bare } of pages) {
  test(`${path} has no fault that axe finds, wide and narrow, light and dark`, async (t) => {
    const opened = bare ? await strangersPage(t) : await ownersPage(t);
    if (!opened) return;
    const { page, problems, at } = opened;
    await page.goto(`${at}${await addressOf(path)}`);
    for (const size of [wide, narrow]) {
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        // The scheme changes colours and nothing else.
        const about = colorScheme === 'light' ? 'all' : 'colours';
        await assertSound(page, problems, `${path} ${colorScheme} ${size.width}`, about);
      }
    }
  });
}

test('a page that does not exist says so and leads back', async (t) => {
  const opened = await ownersPage(t);
  if (!opened) return;
  const { page, problems, at } = opened;
  await page.goto(`${at}/no/such/page`);
  await page.getByRole('heading', { level: 1, name: 'There is no page here' }).waitFor();
  await assertSound(page, problems, 'not found');
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await page.waitForURL(`${at}/`);
});

test('the palette opens by keys, finds by words, and goes there', async (t) => {
  const opened = await ownersPage(t);
  if (!opened) return;
  const { page, problems, at } = opened;
  await page.goto(`${at}/`);
  await settled(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.waitFor();
  await assertSound(page, problems, 'palette');
  await page.keyboard.type('playg');
  await palette.getByText('Playground', { exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${at}/playground`);
});

test('keys one after another go to a page, and "?" lists them', async (t) => {
  const opened = await ownersPage(t);
  if (!opened) return;
  const { page, problems, at } = opened;
  await page.goto(`${at}/`);
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.waitForURL(/\/runs(\?|$)/);
  await settled(page);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await assertSound(page, problems, 'keys');
});

test('the colour scheme is chosen once and kept', async (t) => {
  const opened = await ownersPage(t);
  if (!opened) return;
  const { page, at } = opened;
  const begun = await page.request.patch(`${at}/api/v1/me/settings`, {
    headers: { origin: at },
    data: { changes: { colorScheme: 'light' } },
  });
  assert.equal(begun.status(), 200);
  await page.goto(`${at}/`);
  // What the account says of colours has come, and turns no button round under the pointer.
  await settled(page);
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
  await page.getByRole('button', { name: 'Switch to dark' }).first().click();
  const dark = page.locator('html[data-mantine-color-scheme="dark"]');
  await dark.waitFor({ state: 'attached' });
  assert.equal((await kept).status(), 200);
  await page.reload();
  await settled(page);
  await dark.waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Switch to light' }).first().click();
  await dark.waitFor({ state: 'detached' });
});

test('who is not signed in is led to the sign-in and comes back to the page', async (t) => {
  const context = await browsers.person(t);
  if (!context) return;
  const { page } = await openPage(context);
  await page.goto(`${house.server().url}/runs?q=x`);
  await page.waitForURL(/\/sign-in\?to=%2Fruns%3Fq%3Dx/);
});

test('pages come with a policy that runs no inline script, and files of the build may be kept', async () => {
  const { url } = house.server();
  const page = await fetch(`${url}/runs`, { headers: { accept: 'text/html' } });
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe/);
  const html = await page.text();
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)/);
  const again = await (await fetch(`${url}/runs`, { headers: { accept: 'text/html' } })).text();
  assert.notEqual(/nonce="([^"]+)"/.exec(html)?.[1], /nonce="([^"]+)"/.exec(again)?.[1]);
  const asset = /src="(\/assets\/[^"]+)"/.exec(html)?.[1] ?? assert.fail('no script');
  const file = await fetch(url + asset, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(file.headers.get('content-encoding'), 'gzip');
  assert.match(file.headers.get('cache-control') ?? '', /immutable/);
  const outside = await fetch(`${url}/assets/..%2f..%2fpackage.json`);
  assert.ok([400, 403, 404].includes(outside.status), `got ${outside.status}`);
});

test('programs that ask for what is not there get a problem, not a page', async () => {
  const { url } = house.server();
  for (const path of ['/api/v1/nothing', '/nothing', '/assets/nothing.js']) {
    const answer = await fetch(url + path, {
      headers: { accept: path.startsWith('/api') ? 'text/html' : '*/*' },
    });
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers.get('content-type') ?? '', /problem\+json/, path);
  }
});
