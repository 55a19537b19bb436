import type { Command } from 'commander';
import { GantryError } from '../../base/errors.ts';
import type { ApiKey } from '../../contract/api-key.ts';
import { answer, type Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import { allItems } from '../page.ts';
import { table } from '../table.ts';

interface CreateOptions {
  readonly name: string;
  readonly role: string;
  readonly expires?: string;
}

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry keys create --name ci --role member',
    'gantry keys list',
    'gantry keys revoke <id>',
  ]);
  withExamples(
    command
      .command('create')
      .description('Make an API key. Its text is shown once, here.')
      .requiredOption('--name <name>', 'what the key is for')
      .option('--role <role>', 'admin, member or viewer', 'member')
      .option('--expires <days>', 'days until it ends; without this it lasts')
      .action((options: CreateOptions) => create(cli, options)),
    [
      'gantry keys create --name ci --role member',
      'gantry keys create --name ci --role viewer --expires 30 --json',
    ],
  );
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List the API keys that are valid.')
      .action(() => list(cli)),
    ['gantry keys list', 'gantry keys list --json'],
  );
  withExamples(
    command
      .command('revoke <id>')
      .description('End an API key at once.')
      .action((id: string) => revoke(cli, id)),
    ['gantry keys revoke 2c8f0a'],
  );
}

async function create(cli: Cli, { name, role, expires }: CreateOptions): Promise<void> {
  if (expires !== undefined && !/^[1-9]\d*$/.test(expires)) {
    throw new GantryError('INPUT_INVALID', `--expires takes a number of days, not "${expires}".`);
  }
  const client = await cli.client();
  const made = await client.call<{ id: string; key: string }>('POST', '/keys', {
    name,
    role,
    ...(expires === undefined ? {} : { expiresInDays: Number(expires) }),
  });
  answer(cli, { id: made.id, key: made.key }, ({ key }) => key);
  if (!cli.flags.json) cli.terminal.note('Keep it now: it is not shown again.');
}

async function list(cli: Cli): Promise<void> {
  const keys = await allItems<ApiKey>(await cli.client(), '/keys');
  answer(cli, keys, () => {
    if (keys.length === 0) return 'No API keys. Make one with `gantry keys create --name ci`.';
    const rows = keys.map((key) => [
      key.id,
      key.name,
      key.role,
      day(key.createdAt),
      day(key.lastUsedAt),
      day(key.expiresAt),
    ]);
    return table(['ID', 'NAME', 'ROLE', 'CREATED', 'LAST USED', 'EXPIRES'], rows, cli.terminal.columns);
  });
}

async function revoke(cli: Cli, id: string): Promise<void> {
  const client = await cli.client();
  await client.call('DELETE', `/keys/${encodeURIComponent(id)}`);
  answer(cli, { id, revoked: true }, () => `Revoked ${id}.`);
}

function day(iso: string | null): string {
  return iso === null ? '-' : iso.slice(0, 10);
}
