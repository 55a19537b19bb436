import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildWebApp } from '../src/cli/web-app.ts';
import { startTestServer } from './support/postgres-server.ts';
import { installTestPrograms } from './support/programs.ts';
import { createReport, type Report } from './support/report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const fileTimeoutMs = 15 * 60_000;

const wanted = process.argv.slice(2);
const report = createReport(process.stdout, root);
process.exitCode = await main();

async function main(): Promise<number> {
  forgetSettings();
  const files =
    wanted.length > 0
      ? wanted.flatMap(testFiles)
      : ['src', 'test'].flatMap((name) => testFiles(join(root, name)));
  if (files.length === 0) {
    process.stderr.write(`There are no tests in ${wanted.join(' ')}.\n`);
    return 1;
  }
  if (wanted.length === 0) {
    installTestPrograms((line) => process.stdout.write(`${line}\n`));
    if (!check()) report.fail('npm run check');
    // Once here, and not in each of the first tests that need it.
    await buildWebApp(join(tmpdir(), 'gantry-web'), (text) => process.stdout.write(`${text}\n`));
  }
  await runFiles([...new Set(files)].toSorted(), report);
  return report.close() ? 0 : 1;
}

/** What the machine's Gantry is told must not reach the tests. */
function forgetSettings(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('GANTRY_')) delete process.env[name];
  }
}

function testFiles(path: string): string[] {
  const absolute = resolve(path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (!stats) return globSync(path).map((match) => resolve(match));
  return stats.isDirectory()
    ? globSync('**/*.test.ts', { cwd: absolute }).map((name) => join(absolute, name))
    : [absolute];
}

function check(): boolean {
  const path = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env['PATH']].join(':');
  const env = { ...process.env, PATH: path };
  const options: SpawnSyncOptions = { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] };
  return spawnSync(process.execPath, ['test/check.ts'], options).status === 0;
}

async function runFiles(files: string[], report: Report): Promise<void> {
  const stopping = new AbortController();
  const interrupt = () => stopping.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const server = await startTestServer();
  process.env['GANTRY_TEST_POSTGRES'] = server.url;
  try {
    const options = {
      files,
      concurrency: 2,
      isolation: 'process',
      timeout: fileTimeoutMs,
      cwd: root,
    } as const;
    await report.follow(run({ ...options, signal: stopping.signal }), files.length);
  } finally {
    await server.stop();
  }
  if (stopping.signal.aborted)
    report.fail(`interrupted; ${relative(process.cwd(), root) || 'the suite'} is incomplete`);
}
