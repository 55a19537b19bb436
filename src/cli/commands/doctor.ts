import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  command.addHelpText('after', '\nExit code: 0 when Gantry works here, 1 when something is missing.');
  withExamples(
    command.action(async () => (await import('../doctor.ts')).doctor(cli)),
    ['gantry doctor', 'gantry doctor --json'],
  );
}
