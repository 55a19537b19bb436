import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .option('-d, --detach', 'leave it running in the background once it is ready')
      .action(async ({ detach }: { detach?: boolean }) => {
        if (detach) return (await import('../detach.ts')).upDetached(cli);
        return (await import('../serve.ts')).serve(cli, { api: true, worker: true });
      }),
    ['gantry up', 'gantry up --detach', 'GANTRY_PORT=8080 gantry up'],
  );
}
