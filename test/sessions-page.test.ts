import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { phase } from '../src/capabilities/coding/phases.ts';
import { sessionRoutes } from '../src/capabilities/coding/routes.ts';
import { codingInputSchema, codingOutputSchema, followUpSchema } from '../src/capabilities/coding/schema.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/sessions.md'), 'utf8');
const folder = join(root, 'src/capabilities/coding');
const sources = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^web\//.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');
const routes = sessionRoutes({} as never, {} as never);

test('docs/sessions.md has the phases of a session in their order', () => {
  const names = rowsOf('## The phases').map(([name]) => name);
  assert.deepEqual(names, Object.values(phase));
});

test('docs/sessions.md has every question that the story asks, and every decision that one takes', () => {
  const rows = rowsOf('### What it asks');
  const asked = matches(/\.ask\(\s*'([\w-]+)'/g);
  assert.ok(asked.length > 5, `only ${asked.length} questions were found`);
  assert.deepEqual(sorted(rows.flatMap(([name = '']) => codes(name))), asked);
  const decisions = rows.flatMap(([, , values = '']) => codes(values));
  assert.deepEqual(sorted(decisions), matches(/value: '([\w-]+)',\s+label/g));
});

test('docs/sessions.md has every state that the story tells', () => {
  const written = rowsOf('### Its states').flatMap(([key = '']) => codes(key));
  const told = matches(/tellState\([\w.]+,\s*['`]([\w-]+)(?: \$\{[\w.]+\})?['`]/g);
  assert.ok(told.length > 5, `only ${told.length} states were found`);
  assert.deepEqual(sorted(written.map((key) => key.replace(' <id>', ''))), told);
});

test('docs/sessions.md names every route, every field of a start and a follow-up, and every outcome', () => {
  const start = routes.find(({ path, method }) => path === '/sessions' && method === 'POST');
  assert.ok(start?.body);
  const fields = Object.keys(z.toJSONSchema(start.body, { io: 'input' }).properties ?? {});
  const http = sectionOf('## Over HTTP');
  const missing = [
    ...fields.filter((name) => !http.includes(`\`${name}\``) && !http.includes(`"${name}":`)),
    ...codingOutputSchema.shape.outcome.options.filter((name) => !http.includes(`\`${name}\``)),
    ...routes
      .map(({ path }) => path.replace('/sessions', ''))
      .filter((path) => !http.includes(`$S${path.replace(':id', '$ID')}`)),
    ...Object.keys(followUpSchema.shape).filter((name) => !page.includes(`| \`${name}\``)),
  ];
  assert.deepEqual(missing, []);
});

test('what a run of coding can be given is what a session can be started with, but for what only Gantry says', () => {
  const start = routes.find(({ path, method }) => path === '/sessions' && method === 'POST');
  const fields = new Set(
    Object.keys(start?.body ? (z.toJSONSchema(start.body, { io: 'input' }).properties ?? {}) : {}),
  );
  const own = Object.keys(codingInputSchema.shape).filter((name) => !fields.has(name));
  assert.deepEqual(own, ['repository', 'askedBy', 'approve', 'continues']);
});

/** The part of the page below a heading, with the smaller headings in it. */
function sectionOf(heading: string): string {
  const at = page.indexOf(`\n${heading}\n`);
  assert.ok(at >= 0, `there is no "${heading}"`);
  const rest = page.slice(at + heading.length + 2);
  const depth = heading.indexOf(' ');
  const end = rest.search(new RegExp(`^#{2,${depth}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The cells of the first table below a heading, without its head. */
function rowsOf(heading: string): string[][] {
  const lines = sectionOf(heading).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first + 2, first + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function matches(pattern: RegExp): string[] {
  return sorted([...sources.matchAll(pattern)].map(([, word = '']) => word));
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].toSorted();
}
