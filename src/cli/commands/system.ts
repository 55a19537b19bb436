import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, ['gantry system', 'gantry system workers', 'gantry system drain worker-1']);
  withExamples(
    command
      .command('overview', { isDefault: true })
      .description('Say how Gantry stands: what is wrong, and what runs and waits.')
      .action(async () => (await import('../system.ts')).overview(cli)),
    ['gantry system overview', 'gantry system --json'],
  );
  withExamples(
    command
      .command('workers')
      .description('List the workers, and those lost within the last hour.')
      .action(async () => (await import('../system.ts')).workers(cli)),
    ['gantry system workers', 'gantry system workers --json'],
  );
  withExamples(
    command
      .command('queues')
      .description('Show runs under way by priority.')
      .action(async () => (await import('../system.ts')).queues(cli)),
    ['gantry system queues', 'gantry system queues --json'],
  );
  withExamples(
    command
      .command('database')
      .description('Show what the database holds, and what retention deletes next.')
      .action(async () => (await import('../system.ts')).database(cli)),
    ['gantry system database', 'gantry system database --json'],
  );
  for (const [name, drains] of [
    ['drain', true],
    ['undrain', false],
  ] as const) {
    withExamples(
      command
        .command(`${name} <worker>`)
        .description(
          drains
            ? 'Let a worker begin no new runs; what it works on goes on.'
            : 'Let a draining worker begin runs again.',
        )
        .action(async (worker: string) => (await import('../system.ts')).drain(cli, worker, drains)),
      [`gantry system ${name} worker-1`],
    );
  }
}
