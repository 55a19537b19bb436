import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .argument('[ids...]', 'runs to start again, by their whole ids; others are found by the options')
      .option(
        '--status <statuses>',
        'failed, dead, cancelled, succeeded: one or several, with commas',
        'failed,dead',
      )
      .option('--capability <name>', 'only runs of this capability')
      .option('--search <text>', 'only runs with this text in the title')
      .option('--after <time>', 'only runs made then or later, as 2026-11-21 or with a time')
      .option('--before <time>', 'only runs made earlier')
      .option('--rate <count>', 'runs started per minute', '60')
      .option('--dry-run', 'say which runs it would be, and start none')
      .option('--yes', 'start them without asking')
      .action(async (ids: string[], options: Record<string, string | boolean>) =>
        (await import('../replay.ts')).replay(cli, ids, options),
      ),
    [
      'gantry replay --status dead --dry-run',
      'gantry replay --status failed --capability execution --after 2026-11-21 --rate 120',
    ],
  );
}
