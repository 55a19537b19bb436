import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { limitNames, type ExecOptions } from '../exec-request.ts';
import { collect, withExamples } from '../help.ts';
import { report } from '../report.ts';

const wrongUse = 2;
const gantryFailed = 125;
const exitCodes = `
Exit code: the program's own, or
  123  it used up its output, disk or processes
  124  it used up its time or CPU time
  125  Gantry failed, not the program
  128+n  it was ended by signal n; 130 when you cancelled it
  137  it used up its memory
  2    this command line or the program's request is not valid

On a terminal, control sequences of the program are shown and not acted on; a pipe gets its text unchanged.
With -i, those that draw are acted on, Ctrl-C and Ctrl-D go to the program, and Ctrl-] cancels it.`;

export function define(command: Command, cli: Cli): void {
  command
    .argument('[program]', 'file to run; - or nothing reads it from stdin')
    .argument('[args...]', "the program's own arguments; put -- before those that start with a dash")
    .option('-l, --lang <name>', 'language; without it the extension of the file decides')
    .option('-V, --version-range <range>', 'version of the language, as a SemVer range such as 3.x')
    .option('--stdin <file>', 'input of the program; - hands on the stdin of this command')
    .option('--file <name[=path]>', 'another file beside the program (repeat)', collect, [])
    .option('--limit <name=value>', `${limitNames.join(', ')}: memory=64M, wall=5s (repeat)`, collect, [])
    .option('--env <name=value>', 'environment variable of the program (repeat)', collect, [])
    .option(
      '--model <name>',
      'model that the program may ask: provider/name or default (repeat)',
      collect,
      [],
    )
    .option('--budget <usd>', 'how many US dollars its models may cost')
    .option('-i, --interactive', 'talk to the program while it runs; on a terminal it gets one, too')
    .option('--output <dir>', 'write the files that the program leaves in /output below this directory')
    .option('--force', 'overwrite what is there')
    .addHelpText('after', exitCodes)
    .action(async (program: string | undefined, args: string[], options: ExecOptions) => {
      const { exec } = await import('../exec.ts');
      process.exitCode = await exec(cli, program, args, options).catch((thrown: unknown) => {
        const code = report(cli, thrown, 'gantry exec --help');
        return code === wrongUse ? code : gantryFailed;
      });
    });
  withExamples(command, [
    'gantry exec main.py',
    'gantry exec -l python - < main.py',
    'gantry exec main.py --stdin input.txt --file data.csv --limit memory=64M --limit wall=5s',
    'gantry exec main.py -- --verbose',
    'gantry exec -i main.py',
    'gantry exec agent.py --model default --budget 0.50',
    'gantry exec plot.py --output results',
    'gantry exec main.py --json',
  ]);
}
