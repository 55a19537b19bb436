import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, type withBrowser } from './browser.ts';
import type { withServer } from './gantry-up.ts';
import { send } from './with-api.ts';

const password = 'correct horse battery';

/** Who uses the server of a test: the command line's admin over HTTP, and people in browsers. */
export function withPeople(
  { server, json }: ReturnType<typeof withServer>,
  browser: ReturnType<typeof withBrowser>,
) {
  let key: Promise<string> | undefined;

  /** The API as the command line's admin. */
  async function api(method: string, path: string, body?: unknown) {
    key ??= json<{ key: string }>('keys', 'create', '--name', 'test', '--role', 'admin').then(
      (made) => made.key,
    );
    return send(`${server().url}/api/v1${path}`, method, body, { authorization: `Bearer ${await key}` });
  }

  /** A page in which somebody of this name and role has signed in; undefined without Chromium. */
  async function signedIn(t: TestContext, name: string, role: string): Promise<Page | undefined> {
    const context = await browser.person(t);
    if (!context) return undefined;
    const email = `${name.toLowerCase()}@example.com`;
    await api('POST', '/users', { name, email, role, password });
    const answer = await context.request.post(`${server().url}/api/auth/sign-in/email`, {
      data: { email, password },
      headers: { origin: server().url },
    });
    assert.equal(answer.status(), 200);
    const { page, problems } = await openPage(context);
    t.after(() => assert.deepEqual(problems, []));
    return page;
  }

  return { api, signedIn };
}
