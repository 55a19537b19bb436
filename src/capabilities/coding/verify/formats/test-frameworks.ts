import { jest, mocha, nodeSpec, nodeTap, vitest } from './tests-javascript.ts';
import { cargo, goTest, minitest, rspec, surefire } from './tests-compiled.ts';
import { pytest, unittest } from './tests-python.ts';
import type { Framework } from './tests.ts';

export const frameworks: readonly Framework[] = [
  ...[pytest, unittest, nodeTap, nodeSpec, jest, vitest, mocha],
  ...[goTest, cargo, surefire, rspec, minitest],
];
