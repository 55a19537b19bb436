import { Argument, type Command } from 'commander';
import { budgetScopes, type BudgetScope } from '../../contract/budget.ts';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry budgets',
    'gantry budgets set instance --usd 20',
    'gantry budgets set user ada@example.com --usd 5',
  ]);
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List budgets, and what was spent today (UTC).')
      .action(async () => (await import('../budgets.ts')).listBudgets(cli)),
    ['gantry budgets list', 'gantry budgets list --json'],
  );
  withExamples(
    named(command.command('set'))
      .description(
        'Bound what may be spent: of the instance, a user or a repository per day, or of each run.',
      )
      .option('--usd <amount>', 'US dollars')
      .option('--tokens <count>', 'tokens, read and written')
      .action(
        async (scope: BudgetScope, subject: string | undefined, bounds: { usd?: string; tokens?: string }) =>
          (await import('../budgets.ts')).setBudget(cli, scope, subject, bounds),
      ),
    [
      'gantry budgets set instance --usd 20',
      'gantry budgets set run --usd 2 --tokens 2000000',
      'gantry budgets set user --usd 5',
      'gantry budgets set repository acme/shop --usd 10',
    ],
  );
  withExamples(
    command
      .command('run <id>')
      .description('Set the budget of one run under way; it holds from the next call of a model on.')
      .option('--usd <amount>', 'US dollars in all; "none" takes the bound away')
      .option('--tokens <count>', 'tokens in all, or "none"')
      .option('--time <duration>', 'time at work, such as 90m or 2h, or "none"')
      .action(async (id: string, bounds: { usd?: string; tokens?: string; time?: string }) =>
        (await import('../run-budget.ts')).setRunBudget(cli, id, bounds),
      ),
    ['gantry budgets run 0198c1b2-3f4a --usd 5', 'gantry budgets run 0198c1b2-3f4a --time 2h --tokens none'],
  );
  withExamples(
    named(command.command('remove'))
      .description('Remove a budget.')
      .action(async (scope: BudgetScope, subject: string | undefined) =>
        (await import('../budgets.ts')).removeBudget(cli, scope, subject),
      ),
    ['gantry budgets remove instance', 'gantry budgets remove user ada@example.com'],
  );
}

function named(command: Command): Command {
  return command
    .addArgument(new Argument('<scope>', 'whose').choices(budgetScopes))
    .argument(
      '[subject]',
      'e-mail address or id of a user, or name of a repository; without it each of them',
    );
}
