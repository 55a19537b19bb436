import { Command } from 'commander';
import { catalogue, type CommandEntry } from './catalogue.ts';
import type { Cli } from './cli.ts';
import { withExamples } from './help.ts';
import { version } from '../base/version.ts';

/**
 * The command tree. Only the commands that `wanted` picks are loaded with their options; the others are known by name
 * and summary, which keeps the start short.
 */
export async function buildProgram(cli: Cli, wanted: (entry: CommandEntry) => boolean): Promise<Command> {
  const program = new Command('gantry')
    .description('Runs the code of agents and strangers: durable, sandboxed, on one PostgreSQL.')
    .option('--json', 'answer in JSON, for scripts')
    .option('--debug', 'show the causes of an error')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .hook('preAction', (root) => {
      const options = root.opts<{ json?: boolean; debug?: boolean }>();
      cli.flags.json = options.json ?? false;
      cli.flags.debug = options.debug ?? false;
    });
  withExamples(program, ['gantry up', 'gantry exec main.py', 'gantry runs', 'gantry <command> --help']);
  for (const entry of catalogue) {
    const command = program.command(entry.name).summary(entry.summary).description(`${entry.summary}.`);
    if (wanted(entry)) (await entry.load()).define(command, cli);
  }
  return program;
}

/** Every command of the tree, the root first. */
export function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}
