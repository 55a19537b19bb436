import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .option('--now', 'give the runs no time; another Gantry takes them up')
      .action(async ({ now }: { now?: boolean }) => (await import('../down.ts')).down(cli, now ?? false)),
    ['gantry down', 'gantry down --now'],
  );
}
