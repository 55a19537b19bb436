import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .argument('<file>', 'what `gantry backup` has saved')
      .option('--force', 'replace what the database holds')
      .action(async (file: string, { force }: { force?: boolean }) =>
        (await import('../backup.ts')).restoreBackup(cli, file, force ?? false),
      ),
    ['gantry restore gantry-2026-11-21T103000Z.tar.gz', 'gantry restore backup.tar.gz --force'],
  );
}
