import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { cliPage } from '../docs/cli-page.ts';
import { configPage, errorsPage } from '../docs/generate.ts';
import { errorTable } from '../src/base/errors.ts';
import { catalogue } from '../src/cli/catalogue.ts';
import { configSchema } from '../src/config.ts';

const root = new URL('../', import.meta.url);

test('docs/errors.md says what the error table says, row for row', () => {
  const rows = rowsOf(page('docs/errors.md'));
  assert.equal(rows.length, Object.keys(errorTable).length);
  assert.deepEqual(rows, rowsOf(errorsPage()), 'run `npm run docs`');
});

test('docs/config.md says what the configuration schema says, row for row', () => {
  const rows = rowsOf(page('docs/config.md'));
  assert.equal(rows.length, Object.keys(configSchema.shape).length);
  assert.deepEqual(rows, rowsOf(configPage()), 'run `npm run docs`');
});

test('docs/cli.md shows the help of every command as it is printed', async () => {
  const written = await cliPage();
  assert.ok(catalogue.every((entry) => written.includes(`\n## gantry ${entry.name}\n`)));
  const commandsOf = (text: string) => text.slice(text.indexOf('\n## ')).trimEnd();
  assert.equal(commandsOf(page('docs/cli.md')), commandsOf(written), 'run `npm run docs`');
});

test('every setting is described', () => {
  const silent = Object.entries(configSchema.shape).filter(([, field]) => !field.description);
  assert.deepEqual(
    silent.map(([name]) => name),
    [],
  );
});

test('the glossary explains the noun of every file in src/contract', () => {
  const explained = new Set(
    [...page('docs/glossary.md').matchAll(/^\*\*(.+?)\*\*/gm)].map(([, term = '']) =>
      term.toLowerCase().replaceAll('-', ' '),
    ),
  );
  const nouns = readdirSync(new URL('src/contract', root))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, '').replaceAll('-', ' '));
  assert.ok(nouns.length > 5, `only ${nouns.length} nouns were found`);
  assert.deepEqual(
    nouns.filter((noun) => !explained.has(noun)),
    [],
    'explain these in docs/glossary.md',
  );
});

test('no link between the pages is broken', () => {
  const pages = [
    ...readdirSync(root),
    ...readdirSync(new URL('docs', root), { recursive: true }).map((name) => `docs/${String(name)}`),
  ].filter((name) => name.endsWith('.md'));
  assert.ok(pages.length > 5, `only ${pages.length} pages were found`);
  const files = new Set([
    ...readdirSync(root),
    ...['docs', 'src', 'bench', 'test', 'examples'].flatMap((folder) => [
      folder,
      ...readdirSync(new URL(folder, root), { recursive: true }).map((name) => `${folder}/${String(name)}`),
    ]),
  ]);
  const broken = pages.flatMap((name) =>
    [...page(name).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)]
      .map(([, target = '']) => new URL(target, new URL(name, root)).pathname.slice(root.pathname.length))
      .filter((target) => !files.has(target.replace(/\/$/, '')))
      .map((target) => `${name} -> ${target}`),
  );
  assert.deepEqual(broken, []);
});

function page(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** The cells of every table row of a page, however the columns are padded; without headings. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}
