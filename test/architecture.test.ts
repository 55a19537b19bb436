import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findViolations, readSources } from './support/architecture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('the sources keep to the layout of the house', () => {
  const found = findViolations(readSources(root));
  const lines = found.map(({ path, rule, detail }) => `${path}: ${rule}: ${detail}`);
  assert.deepEqual(lines, [], `\n${lines.join('\n')}\n`);
});

test('the layout is judged on the real sources, not on an empty folder', () => {
  const product = [...readSources(root).keys()].filter((path) => path.startsWith('src/'));
  assert.ok(product.length > 40, `only ${product.length} modules were found`);
});

const clean: Readonly<Record<string, string>> = {
  'src/base/clock.ts': 'export const now = () => Date.now();',
  'src/base/logger.ts': `import { pino } from 'pino'; export const logger = pino();`,
  'src/contract/run.ts': `import { z } from 'zod'; export const runSchema = z.object({});`,
  'src/config.ts': `import { parse } from 'yaml'; export const read = () => parse(process.env['X'] ?? '');`,
  'src/store/runs.ts': `import pg from 'pg'; export const pool = new pg.Pool();`,
  'src/kernel/start.ts': `import { pool } from '../store/runs.ts'; export const start = () => pool;`,
  'src/resources/ports/sandbox.ts': 'export interface Sandbox { readonly id: string }',
  'src/resources/secrets.ts': `import { pool } from '../store/runs.ts'; export const secrets = pool;`,
  'src/drivers/sandboxes/index.ts': `import { make } from './plain/plain.ts'; export const all = { plain: make };`,
  'src/drivers/sandboxes/plain/plain.ts': `import type { Sandbox } from '../../../resources/ports/sandbox.ts'; export const make = (): Sandbox => ({ id: '' });`,
  'src/capabilities/index.ts': `import { story } from './review/review.ts'; export const all = [story];`,
  'src/capabilities/module.ts': 'export interface CapabilityModule { readonly name: string }',
  'src/capabilities/review/review.ts': `import type { CapabilityModule } from '../module.ts'; export const story = (one: CapabilityModule) => one;`,
  'src/api/app.ts': `import fastify from 'fastify'; export const app = fastify();`,
  'src/cli/main.ts': `import { platform } from '../platform.ts'; export const main = platform;`,
  'src/web/main.tsx': `import { createRoot } from 'react-dom/client'; import './theme/tokens.css'; export const go = createRoot;`,
  'src/web/capabilities.ts': `import { review } from '../capabilities/review/web/index.ts'; export const all = [review];`,
  'src/capabilities/review/web/index.ts': `import type { Schema } from '../schema.ts'; import { go } from '../../../web/parts/card.tsx'; import { now } from '../../../base/clock.ts'; export const review = (x: Schema) => [x, go, now];`,
  'src/platform.ts': `import { pool } from './store/runs.ts'; import { all } from './drivers/sandboxes/index.ts'; export const platform = { pool, all };`,
  'src/kernel/start.test.ts': `import { app } from '../api/app.ts'; export const seen = [app, process.env];`,
};

test('a clean tree of every kind of module has no violation', () => {
  assert.deepEqual(findViolations(new Map(Object.entries(clean))), []);
});

const planted: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['layer', 'src/base/clock.ts', `import { runSchema } from '../contract/run.ts';`],
  ['layer', 'src/contract/step.ts', `export type { pool } from '../store/runs.ts';`],
  ['layer', 'src/kernel/step.ts', `import type { Sandbox } from '../resources/ports/sandbox.ts';`],
  ['layer', 'src/api/stream.ts', `import { pool } from '../store/runs.ts';`],
  ['layer', 'src/api/stream.ts', `const runs = await import('../store/runs.ts');`],
  ['layer', 'src/api/stream.ts', `const runs = await import(fast ? 'node:http' : '../store/runs.ts');`],
  ['layer', 'src/api/stream.ts', `type Pool = typeof import('../store/runs.ts').pool;`],
  ['layer', 'src/api/stream.ts', `const file = new URL('../store/runs.ts', import.meta.url);`],
  ['layer', 'src/capabilities/review/parts.ts', `import { pool } from '../../store/runs.ts';`],
  ['layer', 'src/capabilities/review/parts.ts', `import { all } from '../../drivers/sandboxes/index.ts';`],
  ['layer', 'src/drivers/sandboxes/plain/box.ts', `import { secrets } from '../../../resources/secrets.ts';`],
  ['layer', 'src/resources/model.ts', `import { platform } from '../platform.ts';`],
  ['layer', 'src/resources/model.ts', `import type { Config } from '../config.ts';`],
  ['layer', 'src/things/thing.ts', `import { now } from '../base/clock.ts';`],
  ['product', 'src/base/clock.ts', `import { findViolations } from '../../test/support/architecture.ts';`],
  ['product', 'src/kernel/step.ts', `import { seen } from './start.test.ts';`],
  ['capability', 'src/capabilities/agents/agents.ts', `import { story } from '../review/review.ts';`],
  ['capability', 'src/capabilities/agents/agents.ts', `import { all } from '../index.ts';`],
  ['driver', 'src/drivers/sandboxes/docker/docker.ts', `import { make } from '../plain/plain.ts';`],
  ['driver', 'src/drivers/forges/git/git.ts', `import { all } from '../../sandboxes/index.ts';`],
  ['layer', 'src/web/runs/list.tsx', `import { start } from '../../kernel/start.ts';`],
  ['layer', 'src/web/runs/list.tsx', `import { review } from '../../capabilities/review/web/index.ts';`],
  ['layer', 'src/web/runs/list.tsx', `import { story } from '../../capabilities/review/review.ts';`],
  ['layer', 'src/api/stream.ts', `import { go } from '../web/main.tsx';`],
  ['capability', 'src/capabilities/review/web/page.tsx', `import { x } from '../../agents/web/index.ts';`],
  ['layer', 'src/capabilities/review/web/page.tsx', `import { start } from '../../../kernel/start.ts';`],
  ['layer', 'src/capabilities/review/web/page.tsx', `import { all } from '../../../web/capabilities.ts';`],
  ['browser', 'src/web/runs/list.tsx', `import { readFileSync } from 'node:fs';`],
  ['vendor', 'src/kernel/start.ts', `import { useState } from 'react';`],
  ['vendor', 'src/kernel/start.ts', `import pg from 'pg';`],
  ['vendor', 'src/api/app.ts', `import { sql } from 'drizzle-orm';`],
  ['vendor', 'src/cli/main.ts', `import cors from '@fastify/cors';`],
  ['vendor', 'src/api/auth.ts', `import { betterAuth } from 'better-auth';`],
  ['vendor', 'src/kernel/start.ts', `import { Counter } from 'prom-client';`],
  ['vendor', 'src/base/clock.ts', `import lodash from 'lodash';`],
  ['environment', 'src/kernel/start.ts', `const home = process.env['HOME'];`],
  ['environment', 'src/kernel/start.ts', `const { env } = process['env'];`],
  ['environment', 'src/kernel/start.ts', `import { env } from 'node:process';`],
  ['computed import', 'src/kernel/start.ts', 'const story = await import(`../${name}.ts`);'],
  ['mock', 'src/kernel/start.test.ts', `import { vi } from 'vitest'; vi.mock('../store/runs.ts');`],
  ['mock', 'src/kernel/start.test.ts', `import { mock } from 'node:test'; mock.module('../store/runs.ts');`],
  ['mock', 'src/kernel/start.test.ts', `test('x', (t) => { t.mock.method(console, 'log'); });`],
  ['vague name', 'src/kernel/run-manager.ts', 'export const x = 1;'],
  ['vague name', 'src/utils/text.ts', 'export const x = 1;'],
  ['vague name', 'src/contract/types.ts', 'export const x = 1;'],
  ['kebab-case', 'src/kernel/startRun.ts', 'export const x = 1;'],
  ['kebab-case', 'src/kernel/start_run.ts', 'export const x = 1;'],
  ['index', 'src/kernel/index.ts', 'export const x = 1;'],
  ['barrel', 'src/capabilities/index.ts', `export { story } from './review/review.ts';`],
  ['barrel', 'src/kernel/start.ts', `export * from './step.ts'; export const x = 1;`],
  ['length', 'src/kernel/start.ts', 'export const x = 1;\n'.repeat(401)],
];

for (const [rule, path, text] of planted) {
  test(`a ${rule} break is found: ${path}: ${text.slice(0, 70).split('\n')[0]}`, () => {
    const found = findViolations(new Map([...Object.entries(clean), [path, text]]));
    assert.ok(
      found.some((violation) => violation.rule === rule && violation.path === path),
      `found only ${JSON.stringify(found)}`,
    );
  });
}

test('a cycle of modules that load each other is found, one of types or lazy imports is none', () => {
  const ring = (kind: string) =>
    new Map([
      ['src/kernel/a.ts', `import { b } from './b.ts'; export const a = () => b;`],
      ['src/kernel/b.ts', `export { c as b } from './c.ts'; export const d = 1;`],
      ['src/kernel/c.ts', `${kind} { a } from './a.ts'; export const c = 1;`],
    ]);
  assert.deepEqual(
    findViolations(ring('import')).map(({ rule, detail }) => `${rule}: ${detail}`),
    ['cycle: src/kernel/a.ts -> src/kernel/b.ts -> src/kernel/c.ts -> src/kernel/a.ts'],
  );
  assert.deepEqual(findViolations(ring('import type')), []);
  assert.deepEqual(findViolations(ring('export const lazy = () => import("./a.ts"); export type')), []);
});
