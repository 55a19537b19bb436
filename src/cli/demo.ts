import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLogger } from '../base/logger.ts';
import { loadConfigApart, type Config } from '../config.ts';
import { startPlatform, type Platform } from '../platform.ts';
import type { CodingOutput } from '../capabilities/coding/schema.ts';
import type { Repository } from '../contract/repository.ts';
import type { Run } from '../contract/run.ts';
import type { Cli } from './cli.ts';
import { createClient, type Client } from './client.ts';
import { openProgress } from './progress.ts';
import { findServer } from './server-address.ts';
import { session } from './session.ts';
import { styled } from './terminal.ts';

export interface DemoOptions {
  /** Asked about goal and plan, as in a session of one's own. */
  readonly ask?: boolean;
  /** Stays until Ctrl-C, with the pages. */
  readonly keep?: boolean;
}

const examples = new URL('../../examples/demo/', import.meta.url);
const goal = 'Customers should be able to use the discount code WELCOME10.';

/**
 * A whole session on a sample repository, in a Gantry of its own that is gone afterwards. Only the model is scripted; answers
 * the exit code.
 */
export async function demo(cli: Cli, options: DemoOptions): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-demo-'));
  // What the database's account and sandboxes must reach.
  await chmod(directory, 0o755);
  await writeFile(join(directory, 'gantry.yaml'), '');
  try {
    const remote = await makeRemote(directory);
    cli.terminal.note(
      'The model of this demo is scripted: it says what stands in examples/demo/session.yaml. All else is real.',
    );
    const platform = await start(cli, directory, options);
    try {
      return await show(cli, { directory, remote, platform, options });
    } finally {
      await platform.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Stage {
  readonly directory: string;
  readonly remote: string;
  readonly platform: Platform;
  readonly options: DemoOptions;
}

async function show(cli: Cli, { directory, remote, platform, options }: Stage): Promise<number> {
  const config = configOf(directory);
  const client = createClient(() => findServer(config));
  const own: Cli = { ...cli, config: async () => config, client: async () => client };
  const { name } = await client.call<Repository>('POST', '/repositories', {
    url: remote,
    name: 'corner-shop',
  });
  cli.terminal.note(`Goal: ${goal}`);
  const code = await session(own, {
    ...{ repo: name, goal, model: `scripted:${fileURLToPath(new URL('session.yaml', examples))}` },
    ...{ auto: options.ask !== true, skip: [], fallback: [] },
  });
  if (code === 0 && !cli.flags.json) await showDiff(cli, client, remote);
  if (options.keep) await keep(cli, platform);
  return code;
}

/** What the session has pushed, as git shows it. */
async function showDiff(cli: Cli, client: Client, remote: string): Promise<void> {
  const { items } = await client.call<{ readonly items: readonly Run[] }>(
    'GET',
    '/runs?capability=coding&limit=1',
  );
  const run = await client.call<Run>('GET', `/runs/${items[0]?.id}`);
  const { branch } = run.output as CodingOutput;
  if (branch === null) return;
  const colour = cli.terminal.stdout.isTTY ? 'always' : 'never';
  const [log, diff] = await Promise.all([
    git(remote, [
      'log',
      '--reverse',
      `--color=${colour}`,
      '--format=%C(yellow)%h%C(reset) %s',
      `main..${branch}`,
    ]),
    git(remote, ['diff', `--color=${colour}`, `main...${branch}`]),
  ]);
  cli.terminal.print(
    `\n${styled('bold', `On ${branch} of the repository:`, cli.terminal.stdout)}\n${log}\n${diff}`,
  );
  cli.terminal.note(
    'That was the whole way, with a model that only pretends. Start your own with `./gantry up`.',
  );
}

/** Leaves it to be looked at, until Ctrl-C. */
async function keep(cli: Cli, platform: Platform): Promise<void> {
  cli.terminal.print(
    `The demo's Gantry runs until Ctrl-C. Sign in once: ${platform.signInLink ?? platform.url ?? ''}`,
  );
  const left = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => left.resolve());
  await left.promise;
}

async function start(cli: Cli, directory: string, { keep: keeps }: DemoOptions): Promise<Platform> {
  const progress = openProgress(cli.terminal.stderr);
  try {
    progress.step('Starting a Gantry for the demo');
    const config = configOf(directory);
    const onProgress = (text: string) => progress.step(text);
    const { buildWebApp } = await import('./web-app.ts');
    return await startPlatform(config, {
      ...{ api: true, worker: true, logger: createLogger('silent'), onProgress },
      ...(keeps && { webApp: () => buildWebApp(config.dataDir, onProgress) }),
    });
  } finally {
    progress.end();
  }
}

function configOf(directory: string): Config {
  return loadConfigApart({
    ...{ GANTRY_DATA_DIR: join(directory, 'data'), GANTRY_PORT: '0', GANTRY_REPOSITORY_PATHS: directory },
    ...{ GANTRY_MODEL: 'scripted', GANTRY_CONFIG: join(directory, 'gantry.yaml') },
  });
}

/** A bare repository with the sample on `main`, as a forge has it. */
async function makeRemote(directory: string): Promise<string> {
  const tree = join(directory, 'corner-shop');
  const remote = join(directory, 'corner-shop.git');
  await cp(fileURLToPath(new URL('repository', examples)), tree, { recursive: true });
  await mkdir(remote);
  await git(remote, ['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  const at = ['--git-dir', remote, '--work-tree', tree];
  await git(tree, [...at, 'add', '--all', '.']);
  await git(tree, [...at, 'commit', '--quiet', '-m', 'Begin a corner shop']);
  await rm(tree, { recursive: true });
  return remote;
}

async function git(directory: string, args: readonly string[]): Promise<string> {
  const person = {
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
  };
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...person,
  };
  return (await promisify(execFile)('git', args, { cwd: directory, env })).stdout;
}
