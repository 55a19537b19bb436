import type { Command } from 'commander';
import { createCli } from '../src/cli/cli.ts';
import { allCommands, buildProgram } from '../src/cli/program.ts';
import { openTerminal } from '../src/cli/terminal.ts';

const intro = `# Command line

Written by \`npm run docs\` from the code; a test compares the two.

Every command is a client of the running server, takes \`--json\` for scripts and \`--debug\` for the causes of an error, and
ends with the exit code of its [error](errors.md). \`gantry exec\` ends as the program did:

| Exit code | Meaning |
| --- | --- |
| the program's own | it ran to its end, or its compiler refused it |
| 124 | it used up its wall or CPU time |
| 137 | it was killed for its memory |
| 123 | it used up its output, disk or processes |
| 128 + n | it was ended by signal n |
| 130 | you cancelled it with Ctrl-C |
| 125 | Gantry itself failed |
| 2 | the request is not valid |

Against a server on another machine, set \`GANTRY_URL\` and \`GANTRY_API_KEY\`.
`;

/** \`docs/cli.md\`: the help of every command, as the command itself prints it. */
export async function cliPage(): Promise<string> {
  const program = await buildProgram(createCli(openTerminal()), () => true);
  const sections = allCommands(program)
    .filter((command) => command !== program)
    .map((command) => `${heading(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`);
  return [intro, ...sections].join('\n');
}

function heading(command: Command): string {
  return `${'#'.repeat(depth(command) + 1)} ${pathOf(command)}`;
}

function depth(command: Command): number {
  return command.parent ? depth(command.parent) + 1 : 0;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function helpOf(command: Command): string {
  const written: string[] = [];
  command.configureHelp({ showGlobalOptions: false, helpWidth: 110 });
  command.configureOutput({ writeOut: (text) => void written.push(text), getOutHasColors: () => false });
  command.outputHelp();
  return written.join('').trimEnd();
}
