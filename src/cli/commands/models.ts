import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, ['gantry models', 'gantry models use anthropic/claude-sonnet-4-5']);
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List providers and models, with prices and what they did in the last 30 days.')
      .action(async () => (await import('../models.ts')).listModels(cli)),
    ['gantry models list', 'gantry models list --json'],
  );
  withExamples(
    command
      .command('test [model]')
      .description('Ask a model for one word, to see whether it answers; the default one unless named.')
      .addHelpText('after', '\nExit code: 0 when it answers, otherwise that of what went wrong.')
      .action(async (model: string | undefined) => (await import('../models.ts')).testModel(cli, model)),
    ['gantry models test', 'gantry models test openai-compatible/llama3 --json'],
  );
  withExamples(
    command
      .command('use <model>')
      .description('Make a model the default of the instance, at once; MODEL_UNKNOWN if it may not be used.')
      .action(async (model: string) => (await import('../models.ts')).useModel(cli, model)),
    ['gantry models use anthropic/claude-sonnet-4-5', 'gantry settings set model='],
  );
}
