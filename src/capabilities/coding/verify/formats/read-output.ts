import type { CheckFormat } from '../check.ts';
import { readBandit, readEslint, readMypy, readRuff, readSemgrep } from './data.ts';
import type { Reader } from './reading.ts';
import { readTests } from './tests.ts';
import { readText } from './text.ts';

/** How findings are read, by format. Whatever the output is, they answer. */
export const readers: Readonly<Record<CheckFormat, Reader>> = {
  'ruff-json': readRuff,
  'mypy-json': readMypy,
  'eslint-json': readEslint,
  'semgrep-json': readSemgrep,
  'bandit-json': readBandit,
  tsc: readText,
  'test-output': readTests,
  text: readText,
};
