import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command.action(async () => (await import('../serve.ts')).serve(cli, { api: true, worker: false })),
    ['gantry server', 'GANTRY_DATABASE_URL=postgres://user@host/gantry gantry server'],
  );
}
