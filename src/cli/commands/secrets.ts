import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import type { GrantOptions, ScopeOptions } from '../secrets.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry secrets set GITHUB_TOKEN',
    'gantry secrets list',
    'gantry secrets grant NPM_TOKEN --to acme/shop',
    'gantry secrets remove GITHUB_TOKEN',
  ]);
  withExamples(
    scoped(command.command('set <name>'))
      .description(
        'Seal a secret. Its value is typed without echo or comes from stdin, never from an argument.',
      )
      .action(async (name: string, options: ScopeOptions) =>
        (await import('../secrets.ts')).setSecret(cli, name, options),
      ),
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
      .action(async () => (await import('../secrets.ts')).listSecrets(cli)),
    ['gantry secrets list', 'gantry secrets list --json'],
  );
  defineGrants(command, cli);
  withExamples(
    scoped(command.command('remove <name>'))
      .description('Delete a secret, with its grants.')
      .action(async (name: string, options: ScopeOptions) =>
        (await import('../secrets.ts')).removeSecret(cli, name, options),
      ),
    ['gantry secrets remove GITHUB_TOKEN', 'gantry secrets remove MY_TOKEN --mine'],
  );
  withExamples(
    command
      .command('rotate-key')
      .description(
        'Seal all secrets under a new master key while everything runs. After a crash, call it again: it goes on.',
      )
      .option('--status', 'only say where it stands')
      .action(async (options: { status?: boolean }) =>
        (await import('../secrets.ts')).rotateKey(cli, options.status ?? false),
      ),
    ['gantry secrets rotate-key', 'gantry secrets rotate-key --status'],
  );
}

function defineGrants(command: Command, cli: Cli): void {
  withExamples(
    granted(command.command('grant <name>'))
      .description(
        "Let runs use a secret. A repository's own needs no grant; of your own (--mine) it is your runs only.",
      )
      .action(async (name: string, options: GrantOptions) =>
        (await import('../secrets.ts')).grantSecret(cli, name, options, 'grant'),
      ),
    [
      'gantry secrets grant NPM_TOKEN --to acme/shop',
      'gantry secrets grant NPM_TOKEN --capability ask',
      'gantry secrets grant MY_TOKEN --everyone --mine',
    ],
  );
  withExamples(
    granted(command.command('revoke <name>'))
      .description('Take a grant back.')
      .action(async (name: string, options: GrantOptions) =>
        (await import('../secrets.ts')).grantSecret(cli, name, options, 'revoke'),
      ),
    ['gantry secrets revoke NPM_TOKEN --to acme/shop'],
  );
}

function scoped(command: Command): Command {
  return command
    .addOption(new Option('--mine', 'for yourself only, not for everyone').conflicts('repository'))
    .addOption(new Option('--repository <name>', 'for one repository, such as acme/shop'));
}

function granted(command: Command): Command {
  return command
    .addOption(
      new Option('--to <repository>', 'the runs on this repository').conflicts(['capability', 'everyone']),
    )
    .addOption(new Option('--capability <name>', 'the runs of this capability').conflicts('everyone'))
    .addOption(new Option('--everyone', 'all runs'))
    .addOption(new Option('--mine', 'of a secret that you keep for yourself'));
}
