import { Option, type Command } from 'commander';
import { inert } from '../../base/inert.ts';
import { answer, type Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import { allItems, withQuery } from '../page.ts';
import { table } from '../table.ts';

interface SecretEntry {
  readonly name: string;
  readonly scope: string;
  readonly owner: string;
  readonly updatedAt: string;
}

interface ScopeOptions {
  readonly mine?: boolean;
  readonly repository?: string;
}

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry secrets set GITHUB_TOKEN',
    'gantry secrets list',
    'gantry secrets remove GITHUB_TOKEN',
  ]);
  withExamples(
    scoped(command.command('set <name>'))
      .description(
        'Seal a secret. Its value is typed without echo or comes from stdin, never from an argument.',
      )
      .action((name: string, options: ScopeOptions) => set(cli, name, options)),
    [
      'gantry secrets set GITHUB_TOKEN',
      'gantry secrets set GITHUB_TOKEN < token.txt',
      'gantry secrets set NPM_TOKEN --repository acme/shop',
    ],
  );
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List the names of secrets; no value ever leaves the server.')
      .action(() => list(cli)),
    ['gantry secrets list', 'gantry secrets list --json'],
  );
  withExamples(
    scoped(command.command('remove <name>'))
      .description('Delete a secret.')
      .action((name: string, options: ScopeOptions) => remove(cli, name, options)),
    ['gantry secrets remove GITHUB_TOKEN', 'gantry secrets remove MY_TOKEN --mine'],
  );
}

function scoped(command: Command): Command {
  return command
    .addOption(new Option('--mine', 'for yourself only, not for everyone').conflicts('repository'))
    .addOption(new Option('--repository <name>', 'for one repository, such as acme/shop'));
}

async function set(cli: Cli, name: string, options: ScopeOptions): Promise<void> {
  const { readSecret } = await import('../secret-input.ts');
  const client = await cli.client();
  const value = await readSecret(`Value of ${inert(name)}: `);
  const entry = await client.call<SecretEntry>('PUT', pathOf(name, options), { value });
  answer(cli, entry, () => `Sealed ${inert(name)}.`);
}

async function list(cli: Cli): Promise<void> {
  const secrets = await allItems<SecretEntry>(await cli.client(), '/secrets');
  answer(cli, secrets, () => {
    if (secrets.length === 0) return 'No secrets. Seal one with `gantry secrets set NAME`.';
    const rows = secrets.map(({ name, scope, owner, updatedAt }) => [
      name,
      scope,
      owner,
      updatedAt.slice(0, 10),
    ]);
    return table(['NAME', 'SCOPE', 'OWNER', 'CHANGED'], rows, cli.terminal.columns);
  });
}

async function remove(cli: Cli, name: string, options: ScopeOptions): Promise<void> {
  const client = await cli.client();
  await client.call('DELETE', pathOf(name, options));
  answer(cli, { name, removed: true }, () => `Removed ${inert(name)}.`);
}

function pathOf(name: string, { mine, repository }: ScopeOptions): string {
  const scope = mine ? 'user' : repository === undefined ? 'instance' : 'repository';
  return withQuery(`/secrets/${encodeURIComponent(name)}`, { scope, repository });
}
