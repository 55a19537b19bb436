import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { openPage, signInByLink, withBrowser } from './browser.ts';
import { withServer } from './gantry-up.ts';

const house = withServer();
export const browsers = withBrowser();
export const password = 'correct horse battery';
type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>['cookies'];
const signedIn = new Map<string, Cookies>();

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly at: string;
  /** Fails when axe, the content security policy or a script found a fault, or when anything of a stranger ran. */
  sound(what: string): Promise<void>;
}

/** A person's own browser, signed in, on the playground. The owner is the one who started the server. */
export async function visit(
  t: TestContext,
  { as = 'owner', path = '/playground', size }: { as?: Role; path?: string; size?: 'narrow' } = {},
): Promise<Visitor | undefined> {
  const context = await browsers.person(t, size ? { size: { width: 390, height: 844 } } : {});
  if (!context) return undefined;
  await signIn(context, as);
  const at = house.server().url;
  const { page, problems } = await openPage(context);
  await page.goto(`${at}${path}`);
  await page.locator('.cm-content').waitFor();
  const sound = async (what: string) => {
    assert.deepEqual(await axeViolations(page), [], what);
    assert.deepEqual(problems, [], what);
    assert.equal(await page.evaluate('window.harmed'), undefined, what);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, what);
  };
  return { page, context, at, sound };
}

export type Role = 'owner' | 'member' | 'viewer';

async function signIn(context: BrowserContext, as: Role): Promise<void> {
  const { url, signInLink } = house.server();
  const known = signedIn.get(as);
  if (known) return context.addCookies(known);
  if (as === 'owner') await signInByLink(context, signInLink);
  else {
    const email = `${as}@example.com`;
    const owner = signedIn.get('owner') ?? (await ownersCookies(context));
    const headers = { origin: url };
    await context.addCookies(owner);
    const made = await context.request.post(`${url}/api/v1/users`, {
      headers,
      data: { name: as, email, role: as, password },
    });
    assert.equal(made.status(), 201, await made.text());
    await context.clearCookies();
    const entered = await context.request.post(`${url}/api/auth/sign-in/email`, {
      headers,
      data: { email, password },
    });
    assert.equal(entered.status(), 200, await entered.text());
  }
  signedIn.set(as, (await context.storageState()).cookies);
}

async function ownersCookies(context: BrowserContext): Promise<Cookies> {
  await signIn(context, 'owner');
  return signedIn.get('owner') ?? [];
}

/** Replaces the text of the editor as pasting does. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  // What is typed over a selection, Chromium would give a style of its own, which the policy refuses and reports.
  await page.keyboard.press('Backspace');
  await page.keyboard.insertText(text);
}

export async function chooseInput(page: Page, mode: string): Promise<void> {
  await page.getByRole('tab', { name: /^stdin/ }).click();
  await page.getByText(mode, { exact: true }).click();
  const first = page.getByLabel('What it reads first (optional)');
  if (await first.isVisible()) await first.fill('');
  await page.getByRole('tab', { name: /^main/ }).click();
}

export const run = (page: Page) => page.getByRole('button', { name: /^Run/ }).click();
export const output = (page: Page) => page.getByRole('log', { name: 'Output of the program' });
export const result = (page: Page, words: string | RegExp) =>
  page.getByRole('region', { name: 'Output' }).getByRole('status').filter({ hasText: words }).waitFor();

export const endless = `import time
for count in range(600):
    print(f"line {count}", flush=True)
    time.sleep(0.1)
`;
