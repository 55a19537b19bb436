import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIRequestContext, Page } from 'playwright-core';
import { launchChromium, openPage, signInByLink } from '../test/support/browser.ts';
import { gantryUp, makeDataDir, stopGantry } from '../test/support/gantry-up.ts';
import { files, pathOf } from './agent-script.ts';
import { makeRepository } from './agent-repository.ts';
import { type Figure, summarise } from './figure.ts';

const turns = 300;
const callsPerTurn = 7;
const rounds = 5;
/** A second of standing still is a freeze; a fifth is what a person notices. */
const seenWithinMs = 3000;
const frameWithinMs = 200;

/** The page of an agent's run of 300 turns and 2,100 calls: until its end is seen, and the longest frame while it is scrolled. */
export async function measureConversationPage(effort: number): Promise<Figure[]> {
  await using place = await makeDataDir();
  const scratch = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  const server = await gantryUp(place.env);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, bypassCSP: true });
    context.setDefaultTimeout(120_000);
    await signInByLink(context, server.signInLink);
    const { bundle } = await makeRepository(scratch);
    const id = await runAgent(context.request, server.url, bundle);
    const seen: number[] = [];
    const frames: number[] = [];
    for (let round = 0; round < Math.max(1, Math.round(rounds * effort)); round += 1) {
      const { page } = await openPage(context);
      seen.push(await seenAfter(page, `${server.url}/runs/${id}?tab=conversation`));
      await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
      frames.push(Number(await page.evaluate(scrollScript)));
      await page.close();
    }
    const name = `page of ${turns} turns and ${turns * callsPerTurn} calls`;
    return [
      figure(`${name}: conversation seen`, seen, seenWithinMs),
      figure(`${name}: longest frame while scrolling`, frames, frameWithinMs),
    ];
  } finally {
    await browser.close();
    await stopGantry(server);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A run that has ended, with that many turns. */
async function runAgent(request: APIRequestContext, url: string, bundle: Buffer): Promise<string> {
  const headers = { origin: url };
  const sent = await request.post(`${url}/api/v1/bundles`, {
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    data: bundle,
  });
  const { id: bundleId } = (await sent.json()) as { id: string };
  const spoken = Array.from({ length: turns }, (_, turn) => ({
    text: `Part ${turn}: I read **what belongs together**, and look where it is used:\n\n- one\n- two\n\n\`f${turn}()\``,
    tokens: { input: 100, output: 10 },
    calls: Array.from({ length: callsPerTurn }, (_each, n) => ({
      tool: 'read',
      input: { path: pathOf((turn * callsPerTurn + n) % files), from: 1 + (turn % 9) },
    })),
  }));
  const answer = { calls: [{ tool: 'answer', input: { answer: 'Done.', citations: [] } }] };
  const repository = { kind: 'bundle', bundleId, name: 'bench' };
  const asked = await request.post(`${url}/api/v1/asks`, {
    headers,
    data: {
      ...{ repository, question: 'What is in here?', model: 'scripted:bench' },
      ...{ script: { turns: [...spoken, answer] }, limits: { turns: 500 } },
    },
  });
  const { id } = (await asked.json()) as { id: string };
  for (;;) {
    const run = (await (await request.get(`${url}/api/v1/runs/${id}?wait=10`)).json()) as { status: string };
    if (run.status === 'succeeded') return id;
    if (!['queued', 'running'].includes(run.status)) throw new Error(`the run has ${run.status}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** From the navigation to the last turn, by the page's own clock. */
async function seenAfter(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' });
  const at = await page.waitForFunction(
    `document.querySelectorAll('ol[aria-label] > li').length > ${turns} ? performance.now() : 0`,
  );
  return Number(await at.jsonValue());
}

/** Scrolls to the end and back in steps and jumps; answers the longest frame. */
const scrollScript = `new Promise((resolve) => {
  const last = document.querySelector('ol[aria-label] > li:last-child');
  let box = last;
  while (box && !(box.scrollHeight > box.clientHeight + 50 && /auto|scroll/.test(getComputedStyle(box).overflowY)))
    box = box.parentElement;
  box ??= document.scrollingElement;
  const steps = 120;
  let step = 0;
  let before = performance.now();
  let longest = 0;
  const frame = () => {
    const now = performance.now();
    if (step > 0) longest = Math.max(longest, now - before);
    before = now;
    step += 1;
    if (step > steps) return resolve(longest);
    const share = step < 60 ? step / 60 : step % 3 === 0 ? Math.random() : 1 - (step - 60) / 60;
    box.scrollTop = share * (box.scrollHeight - box.clientHeight);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})`;

function figure(name: string, values: readonly number[], within: number): Figure {
  const measured = summarise(values);
  return {
    ...{ name, unit: 'ms', measured, baseline: null },
    compared: `${measured.median.toFixed(0)} ms`,
    target: `<= ${within} ms`,
    reached: measured.median <= within,
  };
}
