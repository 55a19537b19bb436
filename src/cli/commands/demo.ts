import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import type { DemoOptions } from '../demo.ts';
import { withExamples } from '../help.ts';

const notes = `
A session on a small sample repository, in a Gantry of its own that is gone afterwards: a real clone, real sandboxes, tests that
fail and then pass, real commits, pushed to a bare repository beside it. Only the model is scripted, so it needs no key.`;

export function define(command: Command, cli: Cli): void {
  command
    .option('--ask', 'be asked about goal and plan, as in a session of your own')
    .option('--keep', 'stay until Ctrl-C afterwards, with the pages to look at')
    .addHelpText('after', notes)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('../demo.ts');
      process.exitCode = await demo(cli, options);
    });
  withExamples(command, ['gantry demo', 'gantry demo --keep']);
}
