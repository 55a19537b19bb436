/**
 * Pictures of pages of a running server, each in three widths, light and dark, and what axe says of them:
 * `node test/shots.ts <sign-in link or address> <directory> /runs /playground ...`
 * A link signs in once and leaves the sign-in in the directory for the next time.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { axeViolations } from './support/axe.ts';
import { launchChromium, openPage, signInByLink } from './support/browser.ts';

const [link = '', directory = '', ...paths] = process.argv.slice(2);
const sizes = [
  { width: 390, height: 844 },
  { width: 1280, height: 860 },
  { width: 1920, height: 1080 },
];

await mkdir(directory, { recursive: true });
const kept = join(directory, 'sign-in.json');
const { origin } = new URL(link);
const browser = await launchChromium();
try {
  if (link.includes('token=')) await signIn();
  for (const path of paths) for (const scheme of ['light', 'dark'] as const) await shoot(path, scheme);
} finally {
  await browser.close();
}

async function signIn(): Promise<void> {
  const context = await browser.newContext();
  await signInByLink(context, link);
  await context.storageState({ path: kept });
  await context.close();
}

async function shoot(path: string, scheme: 'light' | 'dark'): Promise<void> {
  for (const viewport of sizes) {
    const storage = existsSync(kept) ? { storageState: kept } : {};
    const context = await browser.newContext({
      viewport,
      colorScheme: scheme,
      reducedMotion: 'reduce',
      ...storage,
    });
    const { page, problems } = await openPage(context);
    await page.goto(`${origin}${path}`);
    await page.waitForTimeout(1200);
    const name = `${path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start'}-${scheme}-${viewport.width}.png`;
    const violations = await axeViolations(page);
    const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    const notes = [...violations, ...problems.splice(0), ...(wide ? ['scrolls sideways'] : [])];
    // Last, because taking it adds a style that the policy refuses.
    await page.screenshot({ path: join(directory, name) });
    process.stdout.write(`${name}${notes.length > 0 ? `\n  ${notes.join('\n  ')}` : ' ok'}\n`);
    await context.close();
  }
}
