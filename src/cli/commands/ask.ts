import { Option, type Command } from 'commander';
import { modelEfforts } from '../../contract/model.ts';
import type { AskOptions } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

const notes = `
The answer and its places go to stdout, what the agent does meanwhile to stderr. Of a local repository what stands in its
working tree is asked about, also what is not committed; it is sent as a bundle, and your index and branches stay as they
are. Questions of the agent are answered here on a terminal, or in the inbox. Ctrl-C cancels the run.

Exit code: 0 with an answer, 130 when it was cancelled, else the code of the error (docs/errors.md).`;

export function define(command: Command, cli: Cli): void {
  command
    .argument('[question]', 'what you want to know; - reads it from stdin')
    .option('--repo <repository>', 'a path, an address, or the name of a connected repository', '.')
    .option('--ref <ref>', 'branch, tag or commit; the working tree or the default branch without it')
    .option('--model <model>', 'provider/name, or scripted:FILE to follow a script')
    .option('--fallback <model>', 'asked when the one before gives no answer (repeat)', collectModel, [])
    .addOption(new Option('--effort <effort>', 'how much the model should think').choices(modelEfforts))
    .option('--budget <usd>', 'how many US dollars it may spend before it asks')
    .option('--turns <count>', 'how many turns it may take')
    .option('--confirm [which]', 'ask before it runs commands, or before "everything" it does')
    .option('--detach', 'start it, print its id, and leave')
    .option('--attach <run>', 'show one that was started before, instead of asking')
    .addHelpText('after', notes)
    .action(async (question: string | undefined, options: AskOptions) => {
      const { ask } = await import('../ask.ts');
      process.exitCode = await ask(cli, question, options);
    });
  withExamples(command, [
    'gantry ask "Where are passwords checked?"',
    'gantry ask --repo acme/shop --ref main "How is a price rounded?"',
    'gantry ask --repo https://git.example.com/acme/shop.git "Which tests cover the cart?" --budget 0.50',
    'gantry ask --model scripted:examples/scripted-model.yaml "What is this repository?"',
    'gantry ask --attach 0198c1b2-3f4a',
  ]);
}

function collectModel(model: string, models: readonly string[]): string[] {
  return [...models, model];
}
