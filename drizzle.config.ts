import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/store/*.ts', '!./src/store/*.test.ts'],
  out: './src/store/migrations',
});
