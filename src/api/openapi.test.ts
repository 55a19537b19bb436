import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, withApi } from '../../test/support/with-api.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: string[];
  readonly security?: Record<string, string[]>[];
  readonly parameters?: { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, unknown> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

test('OpenAPI describes every operation: its name, who may call it, and its replies', () =>
  withApi({}, async ({ address }) => {
    const { status, body: document } = await send(`${address}/api/openapi.json`);
    assert.equal(status, 200);
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(Object.keys(document.components.securitySchemes), ['key', 'cookie']);
    const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
    );
    assert.ok(operations.length >= 15, `only ${operations.length} operations`);
    const ids = new Set<string>();
    for (const { name, path, operation } of operations) {
      assert.match(path, /^\/api\/v1\//);
      assert.ok(operation.operationId && operation.summary && operation.tags?.length, name);
      assert.ok(!ids.has(operation.operationId), `${operation.operationId} twice`);
      ids.add(operation.operationId);
      assert.ok(Array.isArray(operation.security), name);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const described = (operation.parameters ?? [])
        .filter((each) => each.in === 'path')
        .map((each) => each.name);
      assert.deepEqual(described, named, name);
      const codes = Object.keys(operation.responses);
      assert.ok(
        codes.some((code) => code.startsWith('2')),
        name,
      );
      for (const code of ['400', '401', '403', '429', '500', '503'])
        assert.ok(codes.includes(code), `${name} ${code}`);
      for (const code of codes.filter((each) => Number(each) >= 400)) {
        const schema = operation.responses[code]?.content?.['application/problem+json']?.schema;
        assert.ok(schema, `${name} ${code}`);
      }
    }
    const events = document.paths['/api/v1/runs/{id}/events'].get;
    assert.ok(events.responses['200'].content['text/event-stream'].schema);
    const start = document.paths['/api/v1/runs'].post.requestBody.content['application/json'].schema;
    assert.deepEqual(start.required, ['capability', 'input']);
    assert.equal(start.additionalProperties, false);
  }));
