import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { withBrowser } from '../support/browser.ts';
import { agreeing, plans, stepOf } from '../support/debate-script.ts';
import { stages, type ForgeStage } from '../support/forge-stages.ts';
import { withServer } from '../support/gantry-up.ts';
import { withPeople } from '../support/people.ts';
import { adds, describes, shopFiles } from '../support/session-script.ts';
import { until } from '../support/until.ts';

const house = withServer({ GANTRY_OUTGOING_ALLOW: '127.0.0.1', GANTRY_RATE_LIMIT_PER_MINUTE: '0' });
const { api, signedIn } = withPeople(house, withBrowser());

let stage: ForgeStage;
before(async () => {
  stage = await stages.github();
  const failing =
    "import { test } from 'node:test';\ntest('fails since long', () => { throw new Error('x'); });\n";
  await stage.commit({ message: 'Begin', files: { ...shopFiles, 'test/old.test.js': failing } });
});
after(() => stage.close());

const hostile = `<img src=x onerror="window.broken=1"> \u202e${'long '.repeat(20)}`;
const script = {
  agents: {
    ...agreeing,
    planner: plans([
      stepOf('one', { title: 'Add the price list' }),
      stepOf('two', { title: `Round ${hostile}`, dependsOn: ['one'] }),
    ]),
    'writer one.1': adds('one'),
    'writer two.1': adds('two', true),
    'writer two.2': adds('two', true),
    'writer two.3': adds('two'),
    describer: describes,
  },
};

async function startSession(): Promise<string> {
  const repository = { url: stage.cloneUrl, name: 'acme/shop', forge: 'github', token: stage.secret };
  assert.equal((await api('POST', '/repositories', repository)).status, 201);
  const input = {
    ...{ repository: { kind: 'connected', name: 'acme/shop' }, goal: 'Sell more', model: 'scripted' },
    ...{ script, limits: { retries: 1 }, skip: ['review'] },
  };
  const { status, body } = await api('POST', '/runs', { capability: 'coding', input });
  assert.equal(status, 202, JSON.stringify(body));
  return (body as { id: string }).id;
}

/** Answers what the session asks under this name, when it does. */
async function answer(id: string, name: string, value: string): Promise<void> {
  await until(async () => {
    const { body } = await api('GET', `/runs/${id}/summary`);
    return (body as { asks: { signal: string } | null }).asks?.signal === name;
  }, 60_000);
  const payload = { answer: value, comment: '' };
  const { status } = await api('POST', `/runs/${id}/signals`, { name, payload });
  assert.equal(status, 204);
}

async function assertSound(page: Page): Promise<void> {
  assert.deepEqual(await axeViolations(page), []);
  assert.equal(await page.evaluate('window.broken'), undefined, 'what a model wrote has run');
  assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false);
}

const step = (page: Page, name: RegExp) => page.getByRole('button', { name });

test('a session is watched live: its steps, what failed, its commits, its pull request, and what it was before', async (t) => {
  const page = await signedIn(t, 'Mia', 'admin');
  if (!page) return;
  const id = await startSession();
  const address = (rest: string) => `${house.server().url}/runs/${id}${rest}`;
  await page.goto(address('?tab=work'));
  const beam = page.getByRole('list', { name: 'Phases' });
  await beam.getByRole('listitem').filter({ hasText: 'Publish' }).getByText('Not started').waitFor();
  await answer(id, 'goal', 'accept');
  await step(page, /Add the price list/).waitFor();
  assert.equal((await page.getByRole('listitem').filter({ hasText: 'Not started' }).count()) > 2, true);
  await answer(id, 'plan', 'approve');

  // Nothing is reloaded: what happens arrives.
  await page.getByText('1 check was failing before the first change.').waitFor();
  await step(page, /Add the price list Done/).waitFor({ timeout: 60_000 });
  await step(page, /Round .*Waiting for a person retry 1 of 1/).waitFor({ timeout: 60_000 });
  await page.getByText('Try 2, retry 1 of 1').waitFor();
  await page.getByText('test/two.test.js:4 two').last().waitFor();
  await beam.getByRole('listitem').filter({ hasText: 'Verify' }).getByText('Your turn').waitFor();
  await page
    .getByRole('region', { name: 'How the steps depend on each other' })
    .getByText('Waiting')
    .waitFor();
  await assertSound(page);

  await step(page, /Add the price list Done/).click();
  await page.getByRole('button', { name: 'Show the change' }).first().click();
  await page.getByText("export const one = () => 'one';").waitFor();
  await page.reload();
  await page.locator('[aria-expanded="true"]').filter({ hasText: 'Add the price list' }).waitFor();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'Show the graph' }).click();
  await page.getByRole('button', { name: /Show all \d phases/ }).click();
  await beam.getByText('Prepare').waitFor();
  await assertSound(page);
  await page.setViewportSize({ width: 1280, height: 860 });

  await answer(id, 'step', 'retry');
  const link = page.locator('header').getByRole('link', { name: /Pull request #\d+/ });
  await link.waitFor({ timeout: 90_000 });
  assert.equal(await link.getAttribute('target'), '_blank');
  await page.locator('header').getByText('Succeeded', { exact: true }).waitFor();
  await page.getByText('2 of 2 done').waitFor();
  await page.getByRole('button', { name: /Fork from try 2 of step 2/ }).click();
  await page.getByRole('dialog').getByText('writer two.2.begin').first().waitFor();
  await page.keyboard.press('Escape');
  await assertDiff(page, address('?tab=diff'));
  await assertState(page, address('?tab=state'));
  await page.goto(address('?tab=agreed'));
  await page.getByText('It works shows.').waitFor();
  await page.getByRole('button', { name: /Show step 1: Add the price list/ }).waitFor();
  await assertSound(page);
  await page.goto(address('?tab=result'));
  await page.getByText(/Pull request #\d+ is open\./).waitFor();
  await page.getByText('No check is worse than before the first change.').waitFor();
  await assertSound(page);
});

async function assertDiff(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByText('4 files', { exact: true }).waitFor();
  await page.keyboard.press(']');
  await page.locator('button:focus').filter({ hasText: 'src/one.js' }).waitFor();
  await page.keyboard.press(']');
  await page.locator('button:focus').filter({ hasText: 'src/two.js' }).waitFor();
  await page.keyboard.press('[');
  await page.locator('button:focus').filter({ hasText: 'src/one.js' }).waitFor();
  await page.getByLabel('Viewed: src/one.js').check();
  await page.getByText('1 of 4 viewed').waitFor();
  await page.reload();
  await page.getByText('1 of 4 viewed').waitFor();
  await page.getByText('Split').click();
  await page.getByRole('button', { name: 'Files' }).click();
  await page.getByRole('navigation', { name: 'Changed files' }).getByText('two.test.js').waitFor();
  await assertSound(page);
  await page.getByRole('combobox', { name: 'Changes of' }).click();
  await page.getByRole('option', { name: /^Step 2: Round/ }).click();
  await page.getByText('2 files', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('2 files', { exact: true }).waitFor();
}

async function assertState(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByText('As it is now').waitFor();
  const history = page.getByRole('list', { name: 'History' });
  await history
    .getByRole('button', { name: /plan proposed/ })
    .first()
    .click();
  await page.getByText(/As it was at \d/).waitFor();
  assert.equal(
    await page.getByRole('list', { name: 'Values by key' }).getByText('pull', { exact: true }).count(),
    0,
  );
  await page.reload();
  await page.getByText(/As it was at \d/).waitFor();
  await assertSound(page);
  await page.getByRole('button', { name: 'Change after' }).click();
  await page.getByRole('combobox', { name: 'Compare with' }).click();
  await page.getByRole('option').first().click();
  await page.getByText(/^From \d/).waitFor();
  await page.getByRole('region', { name: 'pull' }).getByText('"number"', { exact: false }).first().waitFor();
  await assertSound(page);
}
