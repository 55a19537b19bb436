import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const checks = {
  format: ['oxfmt', '--check', '.'],
  lint: ['oxlint', '--deny-warnings'],
  types: ['tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/types.json'],
  pages: [
    'tsc',
    '-p',
    'tsconfig.web.json',
    '--incremental',
    '--tsBuildInfoFile',
    'node_modules/.cache/web-types.json',
  ],
  unused: ['knip'],
  layout: ['node', '--test', '--test-reporter=dot', 'test/architecture.test.ts', 'test/reference.test.ts'],
};

/** Runs every check, however many fail, so that one run shows all there is to mend. */
async function check(name: string, [command = '', ...args]: readonly string[]): Promise<boolean> {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const passed = code === 0;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${seconds} s\n`);
  if (!passed) process.stdout.write(`${`${out}${err}`.trim()}\n\n`);
  return passed;
}

const results = await Promise.all(Object.entries(checks).map(([name, command]) => check(name, command)));
process.exitCode = results.every(Boolean) ? 0 : 1;
