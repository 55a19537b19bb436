import type { Command } from 'commander';
import { GantryError } from '../../base/errors.ts';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(
    command.argument('<shell>', 'bash, zsh or fish').action(async (shell: string) => {
      const { completionScripts } = await import('../completions.ts');
      const script = completionScripts[shell];
      if (!script) {
        const known = Object.keys(completionScripts).join(', ');
        throw new GantryError(
          'INPUT_INVALID',
          `There are no completions for "${shell}"; there are: ${known}.`,
        );
      }
      const { buildProgram } = await import('../program.ts');
      const program = await buildProgram(cli, () => true);
      cli.terminal.print(
        cli.flags.json ? JSON.stringify({ shell, script: script(program) }) : script(program),
      );
    }),
    [
      'source <(gantry completions bash)',
      'gantry completions zsh > "${fpath[1]}/_gantry"',
      'gantry completions fish > ~/.config/fish/completions/gantry.fish',
    ],
  );
}
