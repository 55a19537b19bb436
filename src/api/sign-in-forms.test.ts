import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withApi } from '../../test/support/with-api.ts';

const password = 'correct horse battery';

/** Sends a form as a browser does. */
function submit(
  address: string,
  path: string,
  typed: Record<string, string>,
  headers = {},
): Promise<Response> {
  return fetch(address + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: address, ...headers },
    body: new URLSearchParams(typed),
  });
}

function signedIn(response: Response): string {
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), '/');
  return response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

test('a guest joins on the page that the invitation leads to', () =>
  withApi({}, async ({ address, identity }) => {
    const invitation = { email: 'eve@example.com', role: 'member', invitedBy: 'local' } as const;
    const { path } = await identity.invitations.create(invitation);
    const page = await fetch(address + path);
    const html = await page.text();
    const token = path.split('=')[1] ?? '';
    assert.ok(html.includes(`name="token" value="${token}"`) && !html.includes('name="email"'));
    assert.match(page.headers.get('content-security-policy') ?? '', /form-action 'self'/);
    const short = await submit(address, '/join', { token, name: '<b>Eve', newPassword: 'short' });
    const refused = await short.text();
    assert.equal(short.status, 400);
    assert.match(refused, /at least 10/);
    assert.ok(refused.includes('value="&#60;b&#62;Eve"') && !refused.includes('short"'));
    const cookie = signedIn(await submit(address, '/join', { token, name: 'Eve', newPassword: password }));
    assert.equal((await identity.authenticate({ cookie, authorization: undefined }))?.name, 'Eve');
    const again = await submit(address, '/join', { token, name: 'Eve', newPassword: password });
    assert.equal(again.status, 403);
  }));

test('a user signs in on the page, and another site can not send the form', () =>
  withApi({}, async ({ address, identity, join }) => {
    const { id } = await join('member');
    const typed = { email: 'member@example.com', password };
    assert.match(await (await fetch(`${address}/sign-in`)).text(), /autocomplete="current-password"/);
    const cookie = signedIn(await submit(address, '/sign-in', typed));
    assert.equal((await identity.authenticate({ cookie, authorization: undefined }))?.userId, id);
    const wrong = await submit(address, '/sign-in', { ...typed, password: 'wrong' });
    assert.equal(wrong.status, 401);
    assert.match(await wrong.text(), /is wrong/);
    for (const headers of [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      assert.equal((await submit(address, '/sign-in', typed, headers)).status, 403);
    }
    signedIn(await submit(address, '/sign-in', typed, { origin: 'null', 'sec-fetch-site': 'same-origin' }));
  }));

test('what is typed and what an address holds is shown inert', () =>
  withApi({}, async ({ address }) => {
    const evil = `"><script>alert(1)</script>`;
    const page = await (
      await fetch(`${address}/join?token=${encodeURIComponent(evil)}&name=${encodeURIComponent(evil)}`)
    ).text();
    assert.ok(!page.includes('<script'));
    const sent = await submit(address, '/sign-in', { email: evil, password: evil });
    assert.ok(!(await sent.text()).includes('<script'));
    assert.equal((await submit(address, '/sign-in', {})).status, 401);
  }));
