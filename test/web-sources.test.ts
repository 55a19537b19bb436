import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { literalTexts } from './support/literal-texts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = (pattern: string) =>
  globSync([`src/web/${pattern}`, `src/capabilities/*/web/${pattern}`], { cwd: root }).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
const tokens = readFileSync(join(root, 'src/web/theme/tokens.css'), 'utf8');

test('every token that a page uses is defined', () => {
  const defined = new Set([...tokens.matchAll(/^\s*(--g-[\w-]+):/gm)].map(([, name]) => name));
  const used = pages('**/*.{css,ts,tsx}').flatMap(({ path, text }) =>
    [...text.matchAll(/var\((--g-[\w-]+)/g)].flatMap(([, name]) =>
      name?.endsWith('-') ? [] : [{ path, name }],
    ),
  );
  assert.ok(used.length > 100, `only ${used.length} uses were found`);
  const unknown = used.filter(({ name }) => !defined.has(name)).map(({ path, name }) => `${path}: ${name}`);
  assert.deepEqual(unknown, []);
});

test('styles and components take colours from the tokens only', () => {
  const found = pages('**/*.{css,tsx}')
    .filter(({ path }) => path !== 'src/web/theme/tokens.css')
    .flatMap(({ path, text }) =>
      [...text.matchAll(/#[0-9a-f]{3,8}\b(?!;base)|\brgba?\(|\bhsla?\(/gi)].map(([hit]) => `${path}: ${hit}`),
    );
  assert.deepEqual(found, []);
});

test('every text of a component comes from the catalogue', () => {
  const components = pages('**/*.tsx');
  assert.ok(components.length > 20, `only ${components.length} components were found`);
  const found = components.flatMap(({ path, text }) =>
    literalTexts(path, text).map((words) => `${path}: ${words}`),
  );
  assert.deepEqual(found, []);
});

test('a text that stands in a component is found wherever it is', () => {
  const planted = `
    const a = <p>Hello there</p>;
    const b = <Button aria-label="Close it" title={'Really'}>{'Go on'}</Button>;
    const c = <Text>{done ? 'Done now' : t('x')}</Text>;`;
  assert.deepEqual(literalTexts('x.tsx', planted).toSorted(), [
    'Close it',
    'Done now',
    'Go on',
    'Hello there',
    'Really',
  ]);
  const clean = `const d = <p className="x" data-tone="live">{t('parts:live')} – {count} · 2</p>;`;
  assert.deepEqual(literalTexts('x.tsx', clean), []);
});

test('nothing makes markup of text, and nothing evaluates it', () => {
  const forbidden =
    /dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/g;
  const found = pages('**/*.{ts,tsx}').flatMap(({ path, text }) =>
    [...text.matchAll(forbidden)].map(([hit]) => `${path}: ${hit}`),
  );
  assert.deepEqual(found, []);
});
