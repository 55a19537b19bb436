import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { axeViolations } from '../support/axe.ts';
import { withBrowser } from '../support/browser.ts';
import { startGitHubServer } from '../support/github-server.ts';
import { withServer } from '../support/gantry-up.ts';
import { withPeople } from '../support/people.ts';

const github = await startGitHubServer();
after(() => github.close());
const house = withServer({ GANTRY_GITHUB_BASE_URL: github.url });
const { api, signedIn } = withPeople(house, withBrowser());
const permissions = { contents: 'write', metadata: 'read' } as const;

test('an admin makes a GitHub App by a form at GitHub, and only who asked for it takes it over', async (t) => {
  const [page, other] = [await signedIn(t, 'Ada', 'admin'), await signedIn(t, 'Eve', 'admin')];
  if (!page || !other) return;
  const { url } = house.server();
  await page.goto(`${url}/repositories`);
  await page.getByLabel('Organization').fill('acme');
  await page.getByRole('link', { name: 'Make the App at GitHub' }).click();
  await page.getByRole('heading', { name: 'Make a GitHub App' }).waitFor();
  const posted = page.waitForRequest((request) => request.url().startsWith(github.url));
  await page.getByRole('button', { name: `Continue to ${new URL(github.url).host}` }).click();
  const request = await posted;
  assert.equal(request.method(), 'POST');
  const asked = new URL(request.url());
  assert.equal(asked.pathname, '/organizations/acme/settings/apps/new');
  const manifest = JSON.parse(new URLSearchParams(request.postData() ?? '').get('manifest') ?? '');
  assert.equal(manifest.redirect_url, `${url}/repositories`);
  const state = asked.searchParams.get('state') ?? '';

  github.state.manifestCodes.set('code1', {
    id: 7,
    slug: 'gantry-of-acme',
    permissions,
    pem: github.app.privateKey,
  });
  const back = `${url}/repositories?code=code1&state=${state}`;
  await other.goto(back);
  await other.getByText('belongs to no form that you opened').waitFor();
  assert.ok(github.state.manifestCodes.has('code1'), 'the code is not used up by others');
  await page.goto(back);
  await page.getByRole('link', { name: 'Install it on repositories' }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  assert.deepEqual(await axeViolations(page), []);
  const { body } = await api('GET', '/github-app');
  assert.deepEqual(
    [body.from, body.installUrl],
    ['form', `${github.url}/apps/gantry-of-acme/installations/new`],
  );
  assert.ok(!JSON.stringify([body, (await api('GET', '/secrets')).body]).includes('PRIVATE KEY'));
  assert.equal((await api('GET', '/github-app/form')).status, 409);

  await page.getByRole('button', { name: 'Forget the App' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget the App' }).click();
  await page.getByLabel('Organization').waitFor();
});
