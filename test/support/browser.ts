import { existsSync } from 'node:fs';
import { after, before, type TestContext } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Chromium is; undefined when it isn't installed. */
function findChromium(): string | undefined {
  return places.find((path) => existsSync(path));
}

/** A headless Chromium. Without a sandbox of its own when run as root, which it demands. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is not installed: apt-get install chromium');
  return chromium.launch({ executablePath, args: flags, chromiumSandbox: process.getuid?.() !== 0 });
}

export interface BrowserSize {
  readonly width: number;
  readonly height: number;
}

interface ContextOptions {
  readonly scheme?: 'light' | 'dark';
  readonly size?: BrowserSize;
}

/** One browser for all tests of a file; each person is a context of their own, closed when its test ends. */
export function withBrowser() {
  let browser: Browser | undefined;
  before(async () => {
    if (findChromium() !== undefined) browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
  });
  return {
    /** Another person's browser, without any sign-in; skips the test where there is no Chromium. */
    async person(t: TestContext, options: ContextOptions = {}): Promise<BrowserContext | undefined> {
      if (browser === undefined) {
        t.skip('Chromium is not installed');
        return undefined;
      }
      const context = await newContext(browser, options);
      t.after(() => context.close());
      return context;
    },
  };
}

export async function newContext(
  browser: Browser,
  { scheme = 'light', size }: ContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width: size?.width ?? 1280, height: size?.height ?? 860 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  return context;
}

/** A page that remembers what went wrong in it: errors of scripts, and what the content security policy refused. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; problems: string[] }> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) problems.push(message.text());
  });
  return { page, problems };
}

/** Signs the person in with a one-time link, as the button of its page does. */
export async function signInByLink(context: BrowserContext, link: string): Promise<void> {
  const { origin, searchParams } = new URL(link);
  const answer = await context.request.post(`${origin}/api/auth/sign-in/link`, {
    headers: { origin },
    data: { token: searchParams.get('token') },
  });
  if (!answer.ok()) throw new Error(`The link did not sign in: ${answer.status()} ${await answer.text()}`);
}
