import type { Page } from 'playwright-core';
import { launchChromium, openPage, signInByLink } from '../test/support/browser.ts';
import { gantryUp, makeDataDir, stopGantry } from '../test/support/gantry-up.ts';
import { type Figure, summarise } from './figure.ts';

const lines = 100_000;
const program = `
for i in range(${lines}):
    print(f"line {i} \\x1b[3{i % 8}mcolour\\x1b[0m {'x' * (i % 60)}")
`;
const rounds = 5;
/** A second of standing still is a freeze; a tenth is what a person notices. */
const paintWithinMs = 3000;
const frameWithinMs = 200;

/** The page of a run that wrote 100,000 lines: until its log is seen, and the longest frame while all of it is scrolled. */
export async function measureRunPage(effort: number): Promise<Figure[]> {
  await using place = await makeDataDir();
  const server = await gantryUp(place.env);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, bypassCSP: true });
    context.setDefaultTimeout(60_000);
    await signInByLink(context, server.signInLink);
    const answer = await context.request.post(`${server.url}/api/v1/executions?wait=true`, {
      headers: { origin: server.url },
      data: {
        language: 'python',
        files: [{ name: 'lines.py', content: program }],
        limits: { outputBytes: 10_000_000 },
      },
      timeout: 60_000,
    });
    const { id } = (await answer.json()) as { id: string };
    const paints: number[] = [];
    const frames: number[] = [];
    for (let round = 0; round < Math.max(1, Math.round(rounds * effort)); round += 1) {
      const { page } = await openPage(context);
      paints.push(await paintOf(page, `${server.url}/runs/${id}?tab=log`));
      await page.waitForFunction(`document.querySelector('[role="log"] a[href^="#L"]')`);
      await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
      frames.push(...(await framesOfScroll(page)));
      await page.close();
    }
    return [
      figure('run page of 100,000 lines: log seen', paints, paintWithinMs),
      figure('run page of 100,000 lines: longest frame while scrolling', frames, frameWithinMs),
    ];
  } finally {
    await browser.close();
    await stopGantry(server);
  }
}

function figure(name: string, values: readonly number[], within: number): Figure {
  const measured = summarise(values);
  return {
    ...{ name, unit: 'ms', measured, baseline: null },
    compared: `${measured.median.toFixed(0)} ms`,
    target: `<= ${within} ms`,
    reached: measured.median <= within,
  };
}

/** From the navigation to the first line of the log, by the page's own clock. */
async function paintOf(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' });
  const at = await page.waitForFunction(
    `document.querySelector('[role="log"] [data-kind="output"]') ? performance.now() : 0`,
  );
  return Number(await at.jsonValue());
}

/** Scrolls from end to end and back in steps and jumps; answers the longest frame of it, as a list of one. */
async function framesOfScroll(page: Page): Promise<number[]> {
  const longest = await page.evaluate(`new Promise((resolve) => {
    const log = document.querySelector('[role="log"]');
    const steps = 120;
    let step = 0;
    let last = performance.now();
    let longest = 0;
    const frame = () => {
      const now = performance.now();
      if (step > 0) longest = Math.max(longest, now - last);
      last = now;
      step += 1;
      if (step > steps) return resolve(longest);
      const share = step < 60 ? step / 60 : step % 3 === 0 ? Math.random() : 1 - (step - 60) / 60;
      log.scrollTop = share * (log.scrollHeight - log.clientHeight);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`);
  return [Number(longest)];
}
