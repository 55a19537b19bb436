import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildWebApp } from '../src/cli/web-app.ts';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

test('what a browser loads before the first page is at most 200 kB of gzipped JavaScript', async () => {
  const directory = await buildWebApp(join(tmpdir(), 'gantry-web'), () => undefined);
  const manifest = JSON.parse(readFileSync(join(directory, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >;
  const [entry] = Object.entries(manifest).find(([, { isEntry }]) => isEntry) ?? [];
  assert.ok(entry, 'the build has no entry');
  const files = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  visit(entry);
  const sizes = [...files].map((file) => gzipSync(readFileSync(join(directory, file)), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total > 50_000, `only ${total} bytes were found, which can't be all`);
  assert.ok(total <= 200_000, `${total} bytes in ${[...files].join(', ')}`);
});

// It looks whether it may make code of text, which the policy refuses and reports; and it weighs more than what it checks.
test('no page loads zod', async () => {
  const directory = join(await buildWebApp(join(tmpdir(), 'gantry-web'), () => undefined), 'assets');
  const scripts = readdirSync(directory).filter((name) => name.endsWith('.js'));
  assert.ok(scripts.length > 10, 'the build has hardly any scripts');
  assert.deepEqual(
    scripts.filter((name) => readFileSync(join(directory, name), 'utf8').includes('ZodError')),
    [],
  );
});
