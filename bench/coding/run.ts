import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGantry } from '../gantry-process.ts';
import { solve, type Call, type Solved } from './solve.ts';
import { readTasks } from './task.ts';

const usage = `Lets sessions work on tasks and runs each task's hidden tests on what they pushed.

  npm run bench:coding -- [folder] [--model provider/name] [--whole] [--task name] [--json]

The folder is examples/coding-tasks unless given, the model \`scripted\`, which follows each task's own solution. Keys of
providers are taken from the environment, as \`gantry up\` takes them. --whole debates the goal, plans and reviews as well.`;

const { values, positionals } = parseArgs({
  options: {
    model: { type: 'string', default: 'scripted' },
    whole: { type: 'boolean', default: false },
    task: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.help) process.stdout.write(`${usage}\n`);
else process.exitCode = await main();

async function main(): Promise<number> {
  const { model, whole } = values;
  const tasks = readTasks(positionals[0] ?? new URL('../../examples/coding-tasks', import.meta.url).pathname);
  const chosen = tasks.filter(({ name }) => values.task?.includes(name) ?? true);
  if (model === 'scripted' && whole)
    throw new Error('The solutions of the tasks have no goal and plan: --whole needs a model.');
  const directory = await mkdtemp(join(tmpdir(), 'gantry-bench-coding-'));
  await chmod(directory, 0o755);
  const server = await startGantry('up', { ...ownSettings(), GANTRY_REPOSITORY_PATHS: directory }, 'admin');
  const results: Solved[] = [];
  try {
    const call = caller(server);
    for (const task of chosen) {
      process.stderr.write(`${task.name} ...\n`);
      results.push(await solve(call, task, { model, whole, directory }));
    }
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
  process.stdout.write(
    values.json ? `${JSON.stringify({ model, whole, results }, null, 2)}\n` : `${table(model, results)}\n`,
  );
  return results.every(({ solved, failedBefore }) => solved && failedBefore) ? 0 : 1;
}

/** What configures models here. */
function ownSettings(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => name.startsWith('GANTRY_') || /_(API_KEY|BASE_URL)(_FILE)?$/.test(name),
  );
  return Object.fromEntries(own.map(([name, value]) => [name, value ?? '']));
}

function caller({ url, key }: { readonly url: string; readonly key: string }): Call {
  return async <Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}

function table(model: string, results: readonly Solved[]): string {
  const head = ['', 'task', 'cost', 'tokens', 'time', 'turns', 'tries', 'what came of it'];
  const rows = results.map((each) => [
    each.solved ? 'solved' : 'failed',
    each.task,
    `$${each.usd.toFixed(4)}`,
    String(each.tokens),
    `${(each.wallMs / 1000).toFixed(1)} s`,
    String(each.turns),
    String(each.tries),
    each.failedBefore ? each.outcome : 'its hidden tests pass without any change',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const sum = (pick: (each: Solved) => number) => results.reduce((all, each) => all + pick(each), 0);
  const solved = results.filter((each) => each.solved).length;
  const total = `${model}: ${solved} of ${results.length} solved, $${sum(({ usd }) => usd).toFixed(4)}, ${(sum(({ wallMs }) => wallMs) / 1000).toFixed(0)} s, ${sum(({ turns }) => turns)} turns`;
  return [...[head, ...rows].map(line), '', total].join('\n');
}
