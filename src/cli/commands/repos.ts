import { Option, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import type { AddOptions, RemoveOptions } from '../repos.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, ['gantry repos', 'gantry repos add acme/shop', 'gantry repos check acme/shop']);
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List the connected repositories, with what is wrong with them.')
      .action(async () => (await import('../repos.ts')).listRepositories(cli)),
    ['gantry repos list', 'gantry repos list --json'],
  );
  withExamples(
    command
      .command('add <address>')
      .description(
        'Connect a repository: https, ssh, git@host:path, acme/shop for GitHub, or a path that the server allows. Its token is typed without echo or comes from stdin, never from an argument.',
      )
      .option('--name <name>', 'what to call it, such as acme/shop')
      .addOption(
        new Option('--forge <kind>', 'when its host does not tell').choices(['github', 'gitlab', 'git']),
      )
      .addOption(new Option('--token', 'give it a token of its own').conflicts('sshKey'))
      .addOption(new Option('--ssh-key <file>', 'a deploy key, for ssh addresses'))
      .option('--known-hosts <file>', 'the host keys that are right, as ssh-keyscan prints them')
      .action(async (address: string, options: AddOptions) =>
        (await import('../repos.ts')).addRepository(cli, address, options),
      ),
    [
      'gantry repos add acme/shop',
      'gantry repos add https://gitlab.com/acme/shop --token',
      'gantry repos add https://git.example.com/shop.git --token < token.txt',
      'gantry repos add git@example.com:acme/shop.git --ssh-key deploy_key --known-hosts known_hosts',
    ],
  );
  withExamples(
    command
      .command('check <name>')
      .description('Look at a repository again, and say what is wrong.')
      .action(async (name: string) => (await import('../repos.ts')).checkRepository(cli, name)),
    ['gantry repos check acme/shop'],
  );
  withExamples(
    command
      .command('token <name>')
      .description('Give a repository another token, typed without echo or from stdin; it is tried first.')
      .action(async (name: string) => (await import('../repos.ts')).replaceToken(cli, name)),
    ['gantry repos token acme/shop', 'gantry repos token acme/shop < token.txt'],
  );
  withExamples(
    command
      .command('remove <name>')
      .description('Remove a repository here, with its secrets and caches. Nothing changes at its forge.')
      .option('--yes', 'do not ask')
      .action(async (name: string, options: RemoveOptions) =>
        (await import('../repos.ts')).removeRepository(cli, name, options),
      ),
    ['gantry repos remove acme/shop', 'gantry repos remove acme/shop --yes'],
  );
}
