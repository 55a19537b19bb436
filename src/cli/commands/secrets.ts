import type { Command } from 'commander';
import { answer, type Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import { allItems } from '../page.ts';
import { table } from '../table.ts';

interface SecretEntry {
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry secrets set GITHUB_TOKEN',
    'gantry secrets list',
    'gantry secrets remove GITHUB_TOKEN',
  ]);
  withExamples(
    command
      .command('set <name>')
      .description(
        'Seal a secret. Its value is typed without echo or comes from stdin, never from an argument.',
      )
      .action((name: string) => set(cli, name)),
    ['gantry secrets set GITHUB_TOKEN', 'gantry secrets set GITHUB_TOKEN < token.txt'],
  );
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List the names of all secrets; no value ever leaves the server.')
      .action(() => list(cli)),
    ['gantry secrets list', 'gantry secrets list --json'],
  );
  withExamples(
    command
      .command('remove <name>')
      .description('Delete a secret.')
      .action((name: string) => remove(cli, name)),
    ['gantry secrets remove GITHUB_TOKEN'],
  );
}

async function set(cli: Cli, name: string): Promise<void> {
  const { readSecret } = await import('../secret-input.ts');
  const client = await cli.client();
  const value = await readSecret(`Value of ${name}: `);
  await client.call('PUT', `/secrets/${encodeURIComponent(name)}`, { value });
  answer(cli, { name }, () => `Sealed ${name}.`);
}

async function list(cli: Cli): Promise<void> {
  const secrets = await allItems<SecretEntry>(await cli.client(), '/secrets');
  answer(cli, secrets, () => {
    if (secrets.length === 0) return 'No secrets. Seal one with `gantry secrets set NAME`.';
    const rows = secrets.map((secret) => [
      secret.name,
      secret.createdAt.slice(0, 10),
      secret.updatedAt.slice(0, 10),
    ]);
    return table(['NAME', 'CREATED', 'CHANGED'], rows, cli.terminal.columns);
  });
}

async function remove(cli: Cli, name: string): Promise<void> {
  const client = await cli.client();
  await client.call('DELETE', `/secrets/${encodeURIComponent(name)}`);
  answer(cli, { name, removed: true }, () => `Removed ${name}.`);
}
