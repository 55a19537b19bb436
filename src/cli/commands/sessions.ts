import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .option(
        '--status <status>',
        'queued, running, waiting, succeeded, failed, cancelled or dead; several with commas',
      )
      .option('--repo <repository>', 'only on this repository, by its name or address')
      .option('--search <text>', 'only those with this text in the goal, or whose id begins with it')
      .option('--limit <count>', 'sessions on a page, 200 at most', '50')
      .option('--cursor <cursor>', 'go on where the page before ended')
      .action(async (options: Record<string, string>) =>
        (await import('../session/session-records.ts')).listSessions(cli, options),
      ),
    ['gantry sessions', 'gantry sessions --status waiting', 'gantry sessions --repo acme/shop --json'],
  );
}
