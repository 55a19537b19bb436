import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withServer } from '../support/gantry-up.ts';
import { sampleOf, type SampleSchema } from '../support/sample-body.ts';
import { send } from '../support/with-api.ts';

const { server, json } = withServer();

interface Operation {
  readonly method: string;
  /** `/users/:id`. */
  readonly path: string;
  readonly body?: SampleSchema | undefined;
  readonly audit: { readonly keeps?: readonly string[]; readonly excused?: string };
}

interface Described {
  readonly 'x-audit'?: Operation['audit'];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: SampleSchema }> };
}

async function operations(): Promise<Operation[]> {
  const { body } = await send(`${server().url}/api/openapi.json`);
  const paths = Object.entries<Record<string, Described>>(body.paths);
  return paths.flatMap(([address, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'get')
      .map(([method, described]) => ({
        method: method.toUpperCase(),
        path: address.replace('/api/v1', '').replaceAll(/\{(\w+)\}/g, ':$1'),
        body: described.requestBody?.content['application/json']?.schema,
        audit: described['x-audit'] ?? assert.fail(`${method} ${address} says nothing of the audit log`),
      })),
  );
}

test('every operation that changes something is in the audit log, or says why not; nothing that it does not name is kept', async () => {
  const { url } = server();
  const { key } = await json<{ key: string }>('keys', 'create', '--name', 'admin', '--role', 'admin');
  const admin = { authorization: `Bearer ${key}` };
  const all = await operations();
  assert.ok(all.length > 20, 'the routes are looked at');
  for (const { method, path, body, audit } of all) {
    const kept = new Set(audit.keeps ?? []);
    const text = (place: string) => (kept.has(place) ? 'kept' : 'canary');
    const sample = body && sampleOf(body, text);
    await send(`${url}/api/v1${path.replaceAll(/:\w+/g, 'nothing')}`, method, sample, admin);
  }
  const secrets: [string, string, unknown][] = [
    ['PUT', '/secrets/TOKEN', { value: 'canary of a secret' }],
    [
      'POST',
      '/users',
      { name: 'Eve', email: 'eve@example.com', role: 'member', password: 'canary password' },
    ],
    ['POST', '/keys', { name: 'k', role: 'viewer' }],
    ['POST', '/keys', { name: 'k', role: 'viewer', password: 'canary in an unknown field' }],
    ['POST', '/keys', { name: { password: 'canary in a field of a wrong kind' }, role: 'viewer' }],
  ];
  const shown: string[] = [];
  for (const [method, path, body] of secrets) {
    const answer = await send(`${url}/api/v1${path}`, method, body, admin);
    if (typeof answer.body?.key === 'string') shown.push(answer.body.key);
  }
  for (const path of ['/sign-in/email', '/sign-in/link', '/sign-up/email', '/change-password']) {
    const body = {
      email: 'canary in a field of addresses',
      password: 'canary password',
      token: 'canary token',
      name: 'canary',
      invitation: 'canary invitation',
      currentPassword: 'canary password',
      newPassword: 'canary password',
    };
    await send(`${url}/api/auth${path}`, 'POST', body, { origin: url });
  }
  await send(`${url}/welcome?token=canary`);
  shown.push((await send(`${url}/api/v1/sign-in-links`, 'POST', undefined, admin)).body.path.split('=')[1]);

  const log = (await send(`${url}/api/v1/audit/export?format=json`, 'GET', undefined, admin)).body;
  const written = new Set(log.map(({ operation }: { operation: string }) => operation));
  const missing = all
    .filter(({ audit, method, path }) => audit.excused === undefined && !written.has(`${method} ${path}`))
    .map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(missing, []);
  const everything = JSON.stringify(log);
  const leaks = log.filter((entry: unknown) => JSON.stringify(entry).includes('canary'));
  assert.deepEqual(leaks, []);
  for (const secret of [key, ...shown]) assert.equal(everything.includes(secret), false);
});
