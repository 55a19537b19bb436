import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .argument('[file]', 'where to; a name with the time, in this directory, unless given')
      .action(async (file: string | undefined) => (await import('../backup.ts')).saveBackup(cli, file)),
    ['gantry backup', 'gantry backup /srv/backups/gantry.tar.gz'],
  );
}
