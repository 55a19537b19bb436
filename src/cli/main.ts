import { catalogue } from './catalogue.ts';
import { createCli } from './cli.ts';
import { buildProgram } from './program.ts';
import { report } from './report.ts';
import { openTerminal } from './terminal.ts';

const words = process.argv.slice(2);
const cli = createCli(openTerminal());
const named = catalogue.find((entry) => entry.name === words.find((word) => !word.startsWith('-')));
const fail = (thrown: unknown) => report(cli, thrown, `gantry ${named ? `${named.name} ` : ''}--help`);

process.on('uncaughtException', (thrown) => process.exit(fail(thrown)));
try {
  const program = await buildProgram(cli, (entry) => entry === named);
  if (words.length === 0) program.outputHelp();
  else await program.parseAsync(words, { from: 'user' });
} catch (thrown) {
  process.exitCode = fail(thrown);
}
// Connections that are kept for the next request must not keep the command.
process.exit();
