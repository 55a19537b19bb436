import { Option, type Command } from 'commander';
import { usageGroups } from '../../contract/usage.ts';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .addOption(new Option('--by <what>', 'sum up by').choices(usageGroups).default('day'))
      .option('--from <day>', 'first day, in UTC (default: 29 days before the last)')
      .option('--to <day>', 'last day, in UTC (default: today)')
      .action(async (options: Record<string, string>) =>
        (await import('../usage.ts')).showUsage(cli, options),
      ),
    ['gantry usage', 'gantry usage --by user --from 2026-11-01', 'gantry usage --by capability --json'],
  );
}
