import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { withExamples } from '../help.ts';

export function define(command: Command): void {
  withExamples(
    command.argument('[patterns...]', 'only these').action(async (patterns: string[]) => {
      const runner = fileURLToPath(new URL('../../../test/run.ts', import.meta.url));
      const [code] = await once(
        spawn(process.execPath, [runner, ...patterns], { stdio: 'inherit' }),
        'close',
      );
      process.exitCode = typeof code === 'number' ? code : 1;
    }),
    ['gantry test'],
  );
}
