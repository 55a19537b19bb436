import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .option('-f, --follow', 'go on with what is logged from now on')
      .option('-n, --lines <count>', 'lines to start with', '50')
      .action(async (options: { follow?: boolean; lines: string }) =>
        (await import('../logs.ts')).showLogs(cli, options),
      ),
    ['gantry logs', 'gantry logs -f', 'gantry logs -n 200 --json'],
  );
}
