import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

interface NoteOption {
  readonly note?: string;
}

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry settings',
    'gantry settings set maxQueued=200 --note "a busy evening"',
    'gantry settings history',
  ]);
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List what can be changed while Gantry runs, with its default.')
      .action(async () => (await import('../settings.ts')).listSettings(cli)),
    ['gantry settings list', 'gantry settings list --json'],
  );
  withExamples(
    command
      .command('set <setting...>')
      .description(
        'Change settings, at once and everywhere: name=value; `name=` takes one back to its default.',
      )
      .option('--note <text>', 'why, for the history')
      .action(async (pairs: string[], options: NoteOption) =>
        (await import('../settings.ts')).setSettings(cli, pairs, options.note),
      ),
    [
      'gantry settings set intakePaused=true notice="Maintenance at 18:00"',
      'gantry settings set rateLimitPerMinute=',
    ],
  );
  withExamples(
    command
      .command('history')
      .description('List who changed what, and when.')
      .action(async () => (await import('../settings.ts')).listVersions(cli)),
    ['gantry settings history', 'gantry settings history --json'],
  );
  withExamples(
    command
      .command('restore <version>')
      .description('Bring an old version back, as a new one; 0 is the defaults.')
      .option('--note <text>', 'why, for the history')
      .action(async (version: string, options: NoteOption) =>
        (await import('../settings.ts')).restoreSettings(cli, version, options.note),
      ),
    ['gantry settings restore 3', 'gantry settings restore 0'],
  );
}
