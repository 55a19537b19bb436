import { readdirSync } from 'node:fs';
import { defineConfig } from 'drizzle-kit';

const folder = './src/store';

export default defineConfig({
  dialect: 'postgresql',
  // By name: a pattern can't leave the tests out, and they would be run.
  schema: readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`),
  out: './src/store/migrations',
});
