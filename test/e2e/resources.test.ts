import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { withPeople } from '../support/people.ts';

const house = withServer({ GANTRY_OUTGOING_ALLOW: '127.0.0.1' });
const { api, signedIn } = withPeople(house, withBrowser());
const canary = 'canary-of-the-pages';

let git: GitServer;
before(async () => {
  git = await startGitServer();
});
after(() => git.close());

async function assertSound(page: Page): Promise<void> {
  assert.deepEqual(await axeViolations(page), []);
  assert.ok(!(await page.content()).includes(canary), 'a value is shown');
}

test('an admin connects a repository, mends its token and removes it; a member only looks', async (t) => {
  const [ada, mia] = [await signedIn(t, 'Ada', 'admin'), await signedIn(t, 'Mia', 'member')];
  if (!ada || !mia) return;
  const { url } = await git.add('acme/shop');
  const account = git.allow({ username: 'git', password: canary, scope: 'read' });
  await ada.goto(`${house.server().url}/repositories`);
  await ada.getByRole('heading', { name: 'No repositories yet' }).waitFor();
  await ada.getByRole('button', { name: 'Connect repository' }).click();
  const drawer = ada.getByRole('dialog', { name: 'Connect a repository' });
  await drawer.getByRole('button', { name: 'Connect', exact: true }).click();
  await drawer.getByText('Give the address.').waitFor();
  await drawer.getByLabel('Address').fill(url);
  await drawer.getByRole('button', { name: 'Connect', exact: true }).click();
  await drawer.getByText('If it is private, give it a token').waitFor();
  await drawer.getByRole('textbox', { name: 'Token' }).fill(canary);
  await drawer.getByRole('button', { name: 'Connect', exact: true }).click();
  await drawer.waitFor({ state: 'hidden' });
  await ada.getByRole('row', { name: /acme\/shop.*Ready.*Its own token.*main/ }).waitFor();
  await assertSound(ada);

  await mia.goto(`${house.server().url}/repositories`);
  await mia.getByRole('link', { name: 'acme/shop' }).click();
  await mia.getByRole('region', { name: 'Branches' }).getByText('main').waitFor();
  assert.equal(await mia.getByRole('button', { name: 'Remove' }).count(), 0);

  account.revoke();
  await ada.getByRole('button', { name: 'Check acme/shop' }).click();
  await ada.getByText('wrong, expired or revoked').waitFor();
  await ada.getByRole('link', { name: 'acme/shop' }).click();
  git.allow({ username: 'git', password: `${canary}-2`, scope: 'read' });
  await ada.getByRole('button', { name: 'Replace token' }).click();
  const token = ada.getByRole('dialog', { name: 'Another token for acme/shop' });
  await token.getByRole('textbox', { name: 'Token' }).fill(`${canary}-2`);
  await token.getByRole('button', { name: 'Replace token' }).click();
  await token.waitFor({ state: 'hidden' });
  await ada.getByRole('main').getByText('Ready').waitFor();
  await assertSound(ada);

  await ada.getByRole('button', { name: 'Remove' }).click();
  const ask = ada.getByRole('dialog', { name: 'Remove acme/shop?' });
  await ask.getByLabel('Type the name').fill('acme/shop');
  await ask.getByRole('button', { name: 'Remove' }).click();
  await ada.waitForURL(/\/repositories$/);
  await ada.getByRole('heading', { name: 'No repositories yet' }).waitFor();
});

test('a secret is sealed, granted, replaced and deleted, and the master key changes', async (t) => {
  const page = await signedIn(t, 'Sol', 'admin');
  if (!page) return;
  await page.goto(`${house.server().url}/secrets`);
  await page.getByRole('button', { name: 'Add secret' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add a secret' });
  await drawer.getByRole('textbox', { name: 'Name' }).fill('NPM TOKEN');
  await drawer.getByRole('button', { name: 'Seal' }).click();
  await drawer.getByText('Use 1 to 128 letters').waitFor();
  await drawer.getByText('Give the value.').waitFor();
  await drawer.getByRole('textbox', { name: 'Name' }).fill('NPM_TOKEN');
  await drawer.getByRole('textbox', { name: 'Value' }).fill(`${canary}\nsecond line`);
  await drawer.getByRole('button', { name: 'Seal' }).click();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('row', { name: /NPM_TOKEN.*This Gantry.*None yet.*Never/ }).waitFor();
  await assertSound(page);

  await page.getByRole('button', { name: 'Act on NPM_TOKEN' }).click();
  await page.getByRole('menuitem', { name: 'Who may use it' }).click();
  const grants = page.getByRole('dialog', { name: 'Who may use NPM_TOKEN' });
  await grants.getByRole('combobox', { name: 'Let use it' }).click();
  await page.getByRole('option', { name: 'All runs' }).click();
  await grants.getByRole('button', { name: 'Grant' }).click();
  await grants.getByRole('button', { name: 'Take back: All runs' }).waitFor();
  await assertSound(page);
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: /NPM_TOKEN.*All runs/ }).waitFor();

  await page.getByRole('button', { name: 'Change the master key' }).click();
  const ask = page.getByRole('dialog', { name: 'Change the master key?' });
  await ask.getByRole('button', { name: 'Change the master key' }).click();
  await page.getByText(/^The key \w+ was replaced/).waitFor();
  await page.reload();
  await page.getByRole('row', { name: /NPM_TOKEN/ }).waitFor();
  assert.equal((await api('GET', '/secrets/rotation')).body.remaining, 0);

  await page.getByRole('button', { name: 'Act on NPM_TOKEN' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'No secrets yet' }).waitFor();
});

test('a budget is set, checked as it is typed, changed and removed', async (t) => {
  const page = await signedIn(t, 'Bo', 'admin');
  if (!page) return;
  await page.goto(`${house.server().url}/budgets`);
  await page.getByRole('heading', { name: 'No budgets yet' }).waitFor();
  await page.getByRole('button', { name: 'Set budget' }).click();
  const drawer = page.getByRole('dialog', { name: 'Set a budget' });
  await drawer.getByRole('button', { name: 'Set budget' }).click();
  await drawer.getByText('Give money, tokens or both.').waitFor();
  await drawer.getByRole('textbox', { name: 'Money' }).fill('five');
  await drawer.getByRole('textbox', { name: 'Tokens' }).fill('2 M');
  await drawer.getByRole('button', { name: 'Set budget' }).click();
  await drawer.getByText('Give an amount above 0').waitFor();
  await drawer.getByRole('textbox', { name: 'Money' }).fill('5');
  await assertSound(page);
  await drawer.getByRole('button', { name: 'Set budget' }).click();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('row', { name: /This Gantry.*\$5\.00 a day, 2\.0 M tokens a day/ }).waitFor();
  await page.getByRole('meter', { name: 'Money of This Gantry' }).waitFor();

  await page.getByRole('button', { name: 'Change the budget for This Gantry' }).click();
  await page.getByRole('textbox', { name: 'Money' }).fill('7.50');
  await page.getByRole('dialog').getByRole('button', { name: 'Set budget' }).click();
  await page.getByRole('row', { name: /\$7\.50 a day/ }).waitFor();
  await page.getByRole('button', { name: 'Remove the budget for This Gantry' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('heading', { name: 'No budgets yet' }).waitFor();
  assert.deepEqual((await api('GET', '/budgets')).body.items, []);
});

test('the page of models says what to set, and nothing of keys to who is no admin', async (t) => {
  const [ada, mia] = [await signedIn(t, 'Amy', 'admin'), await signedIn(t, 'Max', 'member')];
  if (!ada || !mia) return;
  await ada.goto(`${house.server().url}/models`);
  await ada.getByRole('heading', { name: 'No model yet' }).waitFor();
  await ada.getByRole('row', { name: /Anthropic.*Not set up.*ANTHROPIC_API_KEY/ }).waitFor();
  await mia.goto(`${house.server().url}/models`);
  await mia.getByRole('row', { name: /Anthropic.*Ask an admin/ }).waitFor();
  assert.equal(await mia.getByText('ANTHROPIC_API_KEY').count(), 0);
  await assertSound(mia);
});

test('hostile names are text that fits, on wide and narrow screens', async (t) => {
  const page = await signedIn(t, 'Hal', 'admin');
  if (!page) return;
  const hostile = `<img src=x onerror="window.harmed=1">${'w'.repeat(150)}\u202e`;
  const { url, commit } = await git.add('evil/names', { public: true });
  const branch = `x/<img-src=x-onerror=harmed>-${'w'.repeat(120)}`;
  await commit({ branch, message: 'x', files: { a: 'a' } });
  assert.equal((await api('POST', '/repositories', { url, name: `evil/${'n'.repeat(180)}` })).status, 201);
  assert.equal((await api('PUT', '/secrets/X'.padEnd(120, 'X'), { value: canary })).status, 200);
  const grant = { kind: 'repository', subject: hostile };
  assert.equal((await api('POST', `${'/secrets/X'.padEnd(120, 'X')}/grant`, { grant })).status, 200);
  const path = `/repositories/${encodeURIComponent(`evil/${'n'.repeat(180)}`)}`;
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    for (const [at, text] of [
      ['/repositories', 'evil/'],
      [path, 'x/<img'],
      ['/secrets', 'Runs on <img'],
    ] as const) {
      await page.goto(`${house.server().url}${at}`);
      await page.getByText(text).first().waitFor();
      await assertSound(page);
      const room: unknown = await page.evaluate('innerWidth - document.documentElement.scrollWidth');
      assert.equal(room, 0, `${at} scrolls sideways at ${width}`);
      assert.equal(await page.evaluate('window.harmed'), undefined);
    }
  }
});
