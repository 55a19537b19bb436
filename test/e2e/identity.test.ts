import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { NewInvitation } from '../../src/contract/invitation.ts';
import type { Role } from '../../src/contract/role.ts';
import type { User } from '../../src/contract/user.ts';
import { axeViolations } from '../support/axe.ts';
import { openPage, withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';

const house = withServer({ GANTRY_SIGN_IN_LIMIT_PER_MINUTE: '0', GANTRY_SANDBOX_WARM: '0' });
const browsers = withBrowser();
const owner = { name: 'Mira Okafor', email: 'mira@acme.dev', password: 'correct horse battery' };
let people = 0;

/** A browser that nobody is signed in with, on this server; undefined where there is no Chromium. */
async function visitor(t: TestContext) {
  const context = await browsers.person(t);
  if (!context) return undefined;
  // Several people at once on a busy machine.
  context.setDefaultTimeout(60_000);
  const { page, problems } = await openPage(context);
  t.after(() => assert.deepEqual(problems, []));
  return { context, page, at: house.server().url };
}

/** Sends a request as whoever is signed in with this browser. */
async function call<Answer>(context: BrowserContext, method: string, path: string, data?: unknown) {
  const at = house.server().url;
  const options = { method, headers: { origin: at }, ...(data !== undefined && { data }) };
  const answer = await context.request.fetch(`${at}/api/v1${path}`, options);
  const text = await answer.text();
  return { status: answer.status(), body: (text === '' ? undefined : JSON.parse(text)) as Answer };
}

async function typeSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signIn(page: Page, { email, password } = owner): Promise<void> {
  await page.goto(`${house.server().url}/sign-in`);
  await typeSignIn(page, email, password);
  await page.waitForURL(`${house.server().url}/`);
}

/** The owner's browser; the first test has made the owner. */
async function admin(t: TestContext) {
  const opened = await visitor(t);
  if (opened) await signIn(opened.page);
  return opened;
}

/** Another person, made by the owner. */
async function makePerson(context: BrowserContext, role: Role, name = 'Jon Bergström') {
  people += 1;
  const account = { name, email: `person-${people}@acme.dev`, password: owner.password };
  const { status, body } = await call<User>(context, 'POST', '/users', { ...account, role });
  assert.equal(status, 201);
  return { ...account, id: body.id };
}

test('the first link makes the owner, however often a preview has looked at it', async (t) => {
  const opened = await visitor(t);
  if (!opened) return;
  const { page, at } = opened;
  const { signInLink } = house.server();
  for (let n = 0; n < 3; n++) await fetch(signInLink, { headers: { accept: 'text/html' } });
  await page.goto(`${at}/runs?status=failed`);
  await page.getByText('Nobody has an account here yet').waitFor();
  await page.goto(signInLink);
  await page.getByRole('heading', { name: 'Create the owner account' }).waitFor();
  await page.getByText(/PostgreSQL \d+.*embedded/).waitFor();
  assert.deepEqual(await axeViolations(page), []);
  await page.locator('[name=name]').fill(owner.name);
  await page.locator('[name=email]').fill('mira');
  await page.locator('[name=password]').fill('ninechars');
  await page.locator('[name=name]').focus();
  await page.getByText('Only 9 characters. Add 1.').waitFor();
  await page.getByRole('button', { name: 'Create account' }).click();
  assert.equal(await page.evaluate('document.activeElement.name'), 'email');
  await page.locator('[name=email]').fill(owner.email);
  await page.locator('[name=password]').fill(owner.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL(`${at}/`);
  await page.getByText(owner.name).first().waitFor();
  await page.goto(signInLink);
  await page.getByRole('heading', { name: 'This link was used already' }).waitFor();
});

test('signing in leads back to where one wanted to go, and never to another site', async (t) => {
  const opened = await visitor(t);
  if (!opened) return;
  const { page, context, at } = opened;
  await page.goto(`${at}/account`);
  await page.waitForURL(/\/sign-in\?to=/);
  await typeSignIn(page, owner.email, 'wrong password');
  await page.getByRole('alert').getByText('is wrong').waitFor();
  assert.equal(await page.locator('[name=email]').inputValue(), owner.email);
  await typeSignIn(page, owner.email, owner.password);
  await page.waitForURL(`${at}/account`);
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
  for (const to of ['//evil.test', '/\\evil.test', 'javascript:alert(1)']) {
    await context.clearCookies();
    await page.goto(`${at}/sign-in?to=${encodeURIComponent(to)}`);
    await typeSignIn(page, owner.email, owner.password);
    await page.waitForURL(`${at}/`);
    // A page that is still loading would lead to the sign-in by itself.
    await page.getByText(owner.name).first().waitFor();
  }
});

test('an invitation makes a member, who sees nothing of administration, once', async (t) => {
  const [host, guest] = [await admin(t), await visitor(t)];
  if (!host || !guest) return;
  await host.page.goto(`${host.at}/people`);
  await host.page.locator('form [name=email]').fill('lin@acme.dev');
  await host.page.getByRole('button', { name: 'Make invitation' }).click();
  const link = await host.page.locator('pre', { hasText: '/join?token=' }).innerText();
  await guest.page.goto(link);
  await guest.page.getByText(`${owner.name} invites you as member`).waitFor();
  assert.equal(await guest.page.locator('[name=email]').inputValue(), 'lin@acme.dev');
  assert.deepEqual(await axeViolations(guest.page), []);
  await guest.page.locator('[name=name]').fill('Lin');
  await guest.page.locator('[name=password]').fill(owner.password);
  await guest.page.getByRole('button', { name: 'Create account' }).click();
  await guest.page.waitForURL(`${guest.at}/`);
  await guest.page.getByRole('link', { name: 'Runs' }).first().waitFor();
  assert.equal(await guest.page.getByRole('link', { name: 'People' }).count(), 0);
  await guest.page.goto(`${guest.at}/people`);
  await guest.page.getByRole('heading', { name: 'Only admins see this page' }).first().waitFor();
  for (const [method, path] of [
    ['GET', '/invitations'],
    ['POST', '/sign-in-links'],
  ] as const) {
    assert.equal((await call(guest.context, method, path)).status, 403, path);
  }
  await guest.page.goto(link);
  await guest.page.getByRole('heading', { name: 'This invitation was used already' }).waitFor();
  await host.page.reload();
  await host.page.getByRole('row', { name: /lin@acme\.dev.*Accepted/ }).waitFor();
});

test('an invitation that was taken back says so, and a new link opens it again', async (t) => {
  const [host, guest] = [await admin(t), await visitor(t)];
  if (!host || !guest) return;
  const invite = { email: 'sam@acme.dev', role: 'viewer' };
  const { body } = await call<NewInvitation>(host.context, 'POST', '/invitations', invite);
  await host.page.goto(`${host.at}/people`);
  await host.page.getByRole('button', { name: 'Take back the invitation of sam@acme.dev' }).click();
  await host.page.getByRole('row', { name: /sam@acme\.dev.*Taken back/ }).waitFor();
  await guest.page.goto(guest.at + body.path);
  await guest.page.getByRole('heading', { name: 'This invitation was taken back' }).waitFor();
  await host.page.getByRole('button', { name: 'New link for sam@acme.dev' }).click();
  const link = await host.page.locator('pre', { hasText: '/join?token=' }).innerText();
  await guest.page.goto(link);
  await guest.page.getByRole('button', { name: 'Create account' }).waitFor();
});

test('a viewer runs nothing and changes nothing of others', async (t) => {
  const [host, guest] = [await admin(t), await visitor(t)];
  if (!host || !guest) return;
  const viewer = await makePerson(host.context, 'viewer');
  await signIn(guest.page, viewer);
  assert.equal(await guest.page.getByRole('button', { name: 'New run' }).count(), 0);
  const program = { language: 'python', files: [{ name: 'main.py', content: 'print(1)' }] };
  assert.equal((await call(guest.context, 'POST', '/executions', program)).status, 403);
  const users = await call<{ items: User[] }>(host.context, 'GET', '/users');
  const mira = users.body.items.find(({ email }) => email === owner.email)?.id ?? '';
  assert.equal((await call(guest.context, 'PATCH', `/users/${viewer.id}`, { role: 'admin' })).status, 403);
  assert.equal((await call(guest.context, 'PATCH', `/users/${mira}`, { name: 'X' })).status, 404);
  assert.equal((await call(guest.context, 'POST', `/users/${mira}/sign-out`)).status, 404);
});

test('an API key is shown once, acts for its owner, and ends when it is revoked', async (t) => {
  const host = await admin(t);
  if (!host) return;
  const { page, at } = host;
  await page.goto(`${at}/account`);
  await page.getByRole('button', { name: 'New key' }).click();
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Make key' }) });
  await page.getByRole('button', { name: 'Make key' }).click();
  await form.getByText('A name is needed.').waitFor();
  await form.locator('[name=name]').fill('nightly');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = await page.getByRole('region', { name: 'Key', exact: true }).innerText();
  assert.match(key, /^gtr_[\w-]{43}$/);
  await page.getByText('curl -H "Authorization: Bearer $GANTRY_API_KEY"').waitFor();
  assert.deepEqual(await axeViolations(page), []);
  const ask = () => fetch(`${at}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await ask()).status, 200);
  await page.reload();
  await page.getByRole('cell', { name: 'nightly', exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(key));
  await page.getByRole('button', { name: 'Revoke nightly' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No keys yet.').waitFor();
  assert.equal((await ask()).status, 401);
});

test('a new password ends the other sign-ins, which go on where they were', async (t) => {
  const [host, here, there] = [await admin(t), await visitor(t), await visitor(t)];
  if (!host || !here || !there) return;
  const person = await makePerson(host.context, 'member');
  await signIn(here.page, person);
  await signIn(there.page, person);
  await there.page.goto(`${there.at}/account`);
  await there.page.locator('[name=name]').first().fill('Typed and not yet saved');
  const changed = { ...person, password: 'another one here' };
  await here.page.goto(`${here.at}/account`);
  await here.page.locator('[name=currentPassword]').fill('not the right one');
  await here.page.locator('[name=newPassword]').fill(changed.password);
  await here.page.getByRole('button', { name: 'Change password' }).click();
  await here.page.getByText('The current password is wrong.').waitFor();
  await here.page.locator('[name=currentPassword]').fill(person.password);
  await here.page.getByRole('button', { name: 'Change password' }).click();
  await here.page.getByText('Password changed. Your other sign-ins have ended.').waitFor();
  assert.equal(await here.page.getByRole('dialog').count(), 0);
  const dialog = there.page.getByRole('dialog', { name: 'Your sign-in has ended' });
  // The page may have noticed by itself, and then its dialog stands before the button.
  const save = there.page.getByRole('button', { name: 'Save' }).click();
  await Promise.race([save, dialog.waitFor()]);
  await dialog.waitFor();
  save.catch(() => undefined);
  assert.deepEqual(await axeViolations(there.page), []);
  await dialog.locator('[name=password]').fill(changed.password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await there.page.locator('[name=name]').first().inputValue(), 'Typed and not yet saved');
  await there.page.getByRole('button', { name: 'Save' }).click();
  await there.page.getByText('Profile saved.').waitFor();
});

test('a locked account says until when, to its owner and to admins, who unlock it', async (t) => {
  const [host, guest] = [await admin(t), await visitor(t)];
  if (!host || !guest) return;
  const person = await makePerson(host.context, 'member', 'Locked Out');
  await guest.page.goto(`${guest.at}/sign-in`);
  for (let n = 0; n < 5; n++) {
    const answered = guest.page.waitForResponse('**/api/auth/sign-in/email');
    await typeSignIn(guest.page, person.email, 'wrong password');
    await answered;
  }
  await typeSignIn(guest.page, person.email, person.password);
  await guest.page.getByText(/^This account is locked until \d\d:\d\d$/).waitFor();
  assert.deepEqual(await axeViolations(guest.page), []);
  await host.page.goto(`${host.at}/people`);
  await host.page.getByRole('row', { name: /Locked Out.*Locked until \d\d:\d\d/ }).waitFor();
  await host.page.getByRole('button', { name: 'Act on Locked Out' }).click();
  assert.deepEqual(await axeViolations(host.page), []);
  await host.page.getByRole('menuitem', { name: 'Unlock' }).click();
  await host.page.getByRole('row', { name: /Locked Out.*Active/ }).waitFor();
  await signIn(guest.page, person);
});

test('sign-ins are ended one by one, elsewhere and everywhere, by oneself and by an admin', async (t) => {
  const [host, here, there] = [await admin(t), await visitor(t), await visitor(t)];
  if (!host || !here || !there) return;
  const person = await makePerson(host.context, 'member', 'Many Browsers');
  const isIn = async ({ context }: { context: BrowserContext }) =>
    (await call(context, 'GET', '/me')).status === 200;
  for (const { page } of [here, there]) await signIn(page, person);
  await here.page.goto(`${here.at}/account`);
  await here.page.getByText('This browser').waitFor();
  await here.page.getByRole('button', { name: /^End the sign-in of/ }).click();
  await here.page.getByRole('button', { name: /^End the sign-in of/ }).waitFor({ state: 'detached' });
  assert.deepEqual([await isIn(here), await isIn(there)], [true, false]);
  await signIn(there.page, person);
  await host.page.goto(`${host.at}/people`);
  await host.page.getByRole('button', { name: 'Act on Many Browsers' }).click();
  await host.page.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
  await host.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await host.page.getByText('Many Browsers is signed out everywhere.').waitFor();
  assert.deepEqual([await isIn(here), await isIn(there)], [false, false]);
  await signIn(here.page, person);
  await here.page.goto(`${here.at}/account`);
  await here.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.waitForURL(`${here.at}/sign-in`);
  assert.equal(await isIn(here), false);
});

test('an admin hands over a link for a new password, disables, and removes by the typed name', async (t) => {
  const [host, guest] = [await admin(t), await visitor(t)];
  if (!host || !guest) return;
  const person = await makePerson(host.context, 'member', 'Forgetful');
  const act = async (item: string) => {
    await host.page.getByRole('button', { name: 'Act on Forgetful' }).click();
    await host.page.getByRole('menuitem', { name: item }).click();
  };
  await host.page.goto(`${host.at}/people`);
  await act('Link for a new password');
  const link = await host.page.locator('pre', { hasText: '/welcome?token=' }).innerText();
  await host.page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await guest.page.goto(link);
  await guest.page.locator('[name=password]').fill('another one here');
  await guest.page.getByRole('button', { name: 'Set password and sign in' }).click();
  await guest.page.waitForURL(`${guest.at}/`);
  await act('Disable');
  await host.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await host.page.getByRole('row', { name: /Forgetful.*Disabled/ }).waitFor();
  await guest.page.goto(`${guest.at}/sign-in`);
  await typeSignIn(guest.page, person.email, 'another one here');
  await guest.page.getByText('This account is disabled').waitFor();
  await act('Remove');
  const dialog = host.page.getByRole('dialog');
  assert.equal(await dialog.getByRole('button', { name: 'Remove' }).isDisabled(), true);
  await dialog.getByRole('textbox').fill('Forgetful');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await host.page.getByText('Forgetful is removed.').waitFor();
  assert.equal((await call(host.context, 'GET', `/users/${person.id}`)).status, 404);
});

test('the last admin keeps role and account, and is told why', async (t) => {
  const host = await admin(t);
  if (!host) return;
  await host.page.goto(`${host.at}/people`);
  assert.equal(await host.page.locator(`input[aria-label="Role of ${owner.name}"]`).isDisabled(), true);
  await host.page.getByRole('button', { name: `Act on ${owner.name}` }).click();
  await host.page.getByText('The last admin. Make another person admin first.').waitFor();
  assert.equal(await host.page.getByRole('menuitem', { name: 'Remove' }).isDisabled(), true);
  await host.page.keyboard.press('Escape');
  await host.page.getByRole('link', { name: owner.name }).click();
  await host.page.getByRole('heading', { name: owner.name, level: 1 }).waitFor();
  await host.page.getByText('This browser').waitFor();
  const { body } = await call<{ userId: string }>(host.context, 'GET', '/me');
  assert.equal((await call(host.context, 'DELETE', `/users/${body.userId}`)).status, 409);
});

test('names that hold markup, marks that turn text round, or a hundred faces do no harm', async (t) => {
  const [host, guest] = [await admin(t), await visitor(t)];
  if (!host || !guest) return;
  const markup = `<img src=x onerror="window.harmed=1"><b>'"&`;
  await makePerson(host.context, 'viewer', '\u{1f600}'.repeat(100));
  const person = await makePerson(host.context, 'member', markup);
  const turned = { name: 'a\u202egpj.exe', email: 't@acme.dev', role: 'viewer', password: owner.password };
  assert.equal((await call(host.context, 'POST', '/users', turned)).status, 400);
  await signIn(guest.page, person);
  for (const { page, path, at } of [
    { ...host, path: '/people' },
    { ...guest, path: '/account' },
  ]) {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 860 });
      await page.goto(at + path);
      await page.locator('h1').first().waitFor();
      await page.getByRole('table').first().waitFor();
      assert.equal(await page.evaluate('window.harmed'), undefined);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, path);
    }
  }
  await host.page.getByText(markup).first().waitFor();
});
