import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { openPage, withBrowser } from '../support/browser.ts';
import { agreeing, plans, proposes, stepOf } from '../support/debate-script.ts';
import { withServer } from '../support/gantry-up.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { withPeople } from '../support/people.ts';
import { adds, shopFiles } from '../support/session-script.ts';
import { until } from '../support/until.ts';

const hostile = '<img src=x onerror="window.broken=1"> \u202e';
const script = {
  agents: {
    ...agreeing,
    'proposer 1.1': proposes(`Version one ${hostile}`),
    'proposer 2.1': proposes('Version two', { when: 'Say cents' }),
    'proposer 3.1': proposes('Version three', { when: 'Say euros' }),
    'proposer 4.1': proposes('Version four', { when: 'Say both' }),
    planner: plans([
      stepOf('tea', { title: `Sell tea ${hostile}` }),
      stepOf('cup', { title: 'Sell cups', dependsOn: ['tea'] }),
      stepOf('pot', { title: 'Sell pots' }),
    ]),
    writer: adds('tea'),
  },
};

const directory = mkdtempSync(join(tmpdir(), 'gantry-review-'));
const file = join(directory, 'model.json');
writeFileSync(file, JSON.stringify(script));
const house = withServer({ GANTRY_OUTGOING_ALLOW: '127.0.0.1', GANTRY_MODEL: `scripted:${file}` });
const browser = withBrowser();
const { api, signedIn } = withPeople(house, browser);

let git: GitServer;
before(async () => {
  git = await startGitServer();
});
after(async () => {
  await git.close();
  rmSync(directory, { recursive: true });
});

let connected: Promise<void> | undefined;
/** The repository that all sessions work on; connected once. */
const connect = () =>
  (connected ??= (async () => {
    const { url } = await git.add('acme/shop', {
      public: true,
      commits: [{ message: 'Begin', files: shopFiles }],
    });
    assert.equal((await api('POST', '/repositories', { url, name: 'acme/shop' })).status, 201);
  })());

async function assertSound(page: Page): Promise<void> {
  assert.deepEqual(await axeViolations(page), []);
  assert.equal(await page.evaluate('window.broken'), undefined, 'what an agent wrote has run');
  assert.equal(await page.locator('main img').count(), 0);
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  assert.equal(wide, false, 'the page scrolls sideways');
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
const stepsOf = (page: Page) => page.getByRole('list', { name: 'Steps of the plan' });
const handle = (page: Page, title: string) => button(page, new RegExp(`^Move step \\d+: ${title}`));

/** The steps as they stand, by the first two words of their titles. */
async function order(page: Page): Promise<string> {
  const names = await handle(page, '').evaluateAll((all) =>
    all.map((each) => String(each.getAttribute('aria-label'))),
  );
  return names.map((name) => /: \w+ (\w+)/.exec(name)?.[1]).join(' ');
}

/** Takes a step by its handle and lets it go above or below the middle of another, as a hand does. */
async function drag(page: Page, from: Locator, to: Locator, where: 'above' | 'below'): Promise<void> {
  // Where nothing covers it.
  await from.hover();
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  assert.ok(start && end);
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  const goal = where === 'above' ? end.y - 6 : end.y + end.height + 6;
  for (let part = 1; part <= 8; part += 1)
    await page.mouse.move(start.x + 4, start.y + ((goal - start.y) * part) / 8);
  await page.mouse.up();
}

async function start(page: Page, goal: string): Promise<string> {
  await connect();
  await page.goto(`${house.server().url}/sessions`);
  await button(page, /^Start session/).click();
  await page.getByText('Say what should be different.').waitFor();
  const field = page.getByRole('textbox', { name: 'Goal' });
  await field.fill(goal);
  await button(page, 'More options').click();
  for (const part of [/checks$/, /review$/, 'The push'])
    await page.getByRole('checkbox', { name: part }).check();
  await assertSound(page);
  await field.press('Control+Enter');
  await page.waitForURL(/\/runs\/[0-9a-f-]+/);
  return page.url().split('/').at(-1)?.slice(0, 36) ?? '';
}

async function refine(page: Page, words: string, next: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Answer' }).fill(words);
  await button(page, 'Refine').click();
  await page.getByText(next).first().waitFor();
}

test('a goal is refined three times, also after the browser was closed, and then accepted by a key', async (t) => {
  const mia = await signedIn(t, 'Mia', 'member');
  if (!mia) return;
  const id = await start(mia, 'Sell more.');
  await heading(mia, 'Review the goal');
  await mia.getByText('Version one').first().waitFor();
  await mia.getByText(/How it was debated: 1 round/).click();
  await mia.getByText('It is clear.').waitFor();
  await assertSound(mia);
  await button(mia, 'Refine').click();
  await mia.getByText(/“Refine” needs a few words/).waitFor();
  await refine(mia, 'Say cents', 'Version two');
  await refine(mia, 'Say euros', 'Version three');

  const again = await browser.person(t);
  assert.ok(again);
  await again.addCookies(await mia.context().cookies());
  await mia.close();
  const { page, problems } = await openPage(again);
  await page.goto(`${house.server().url}/inbox`);
  await page.getByRole('link', { name: /Review the goal/ }).click();
  await page.getByText('Version three').first().waitFor();
  await page.getByText(/What changed since the first version/).click();
  await page.getByText('Say euros').waitFor();
  await assertSound(page);
  await page.getByRole('textbox', { name: 'Answer' }).fill('Say both');
  await page.getByRole('link', { name: 'Open run' }).click();
  await page.getByText('Version three').first().waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Answer' }).inputValue(), 'Say both');
  await button(page, 'Refine').click();
  await page.getByText('Version four').first().waitFor();
  await page.keyboard.press('a');
  await heading(page, 'Review the plan');
  const { body } = await api('GET', `/sessions/${id}`);
  assert.deepEqual(
    body.goal.iterations.map(({ feedback }: { feedback: string | null }) => feedback),
    [null, 'Say cents', 'Say euros', 'Say both'],
  );
  await api('POST', `/runs/${id}/cancel`);
  assert.deepEqual(problems, []);
});

test('a plan is put in order by hand and by keys, edited, kept over a reload, and approved as it was edited', async (t) => {
  const mia = await signedIn(t, 'Ada', 'member');
  if (!mia) return;
  const id = await start(mia, 'Sell tea.');
  await button(mia, 'Accept').click();
  await heading(mia, 'Review the plan');
  await until(async () => (await order(mia)) === 'tea cups pots');
  await assertSound(mia);

  await drag(mia, handle(mia, 'Sell pots'), handle(mia, 'Sell tea'), 'above');
  await until(async () => (await order(mia)) === 'pots tea cups');
  await handle(mia, 'Sell tea').focus();
  await mia.keyboard.press('Alt+ArrowDown');
  await until(async () => (await order(mia)) === 'pots cups tea');
  await mia
    .getByText(/Step 2 \("Sell cups"\) depends on step 3 .* which comes later/)
    .first()
    .waitFor();
  assert.equal(await mia.evaluate('document.activeElement.dataset.handle'), 'tea');
  await button(mia, 'Approve').click();
  await mia.getByText(/It can’t be approved like this/).waitFor();
  await assertSound(mia);
  await button(mia, 'Undo').click();
  await until(async () => (await order(mia)) === 'pots tea cups');

  await button(mia, /^Edit step 3: Sell cups/).click();
  await mia.getByRole('textbox', { name: 'Title' }).fill('Sell mugs');
  await assertSound(mia);
  await button(mia, 'Done').click();
  await button(mia, 'Add a step').click();
  await mia.getByRole('textbox', { name: 'Title' }).fill('Sell spoons');
  await mia.reload();
  await until(async () => (await order(mia)) === 'pots tea mugs spoons');
  await stepsOf(mia).getByText('Changed').waitFor();
  await stepsOf(mia).getByText('New').waitFor();
  await button(mia, 'Approve').click();
  await mia.getByText('Answered: Approve.').waitFor();
  await until(async () => (await api('GET', `/sessions/${id}`)).body.plan.status === 'approved');
  const { body } = await api('GET', `/sessions/${id}`);
  const { by, steps } = body.plan.iterations.at(-1);
  assert.equal(by, 'person');
  assert.deepEqual(
    steps.map((step: { id: string; title: string }) => `${step.id} ${step.title.slice(0, 10).trim()}`),
    ['pot Sell pots', 'tea Sell tea <', 'cup Sell mugs', 'added-1 Sell spoon'],
  );
  await api('POST', `/runs/${id}/cancel`);
});

test('who edits a plan is told when somebody else answers, and loses nothing; on a narrow screen all of it fits', async (t) => {
  const [eve, ann] = [await signedIn(t, 'Eve', 'member'), await signedIn(t, 'Ann', 'admin')];
  if (!eve || !ann) return;
  const id = await start(eve, 'Sell cups.');
  await button(eve, 'Accept').click();
  await heading(eve, 'Review the plan');
  await handle(eve, 'Sell pots').waitFor();
  await eve.setViewportSize({ width: 390, height: 844 });
  await drag(eve, handle(eve, 'Sell pots'), handle(eve, 'Sell tea'), 'above');
  await until(async () => (await order(eve)) === 'pots tea cups');
  await button(eve, /^Edit step 1/).click();
  await assertSound(eve);

  await ann.goto(`${house.server().url}/runs/${id}`);
  await button(ann, 'Request changes').click();
  await ann.getByText(/“Request changes” needs a few words/).waitFor();
  await ann.getByRole('textbox', { name: 'Answer' }).fill('Smaller steps.');
  await button(ann, 'Reject').click();
  await ann.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  await eve.getByText('Ann answered: Reject').first().waitFor();
  await eve.getByText('Your edits of the plan were not sent.').waitFor();
  await assertSound(eve);

  await eve.goto(`${house.server().url}/sessions`);
  await eve.getByRole('link', { name: /Sell cups/ }).waitFor();
  await assertSound(eve);
});
