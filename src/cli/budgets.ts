import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { BudgetRule, BudgetScope, BudgetState, BudgetStates } from '../contract/budget.ts';
import type { User } from '../contract/user.ts';
import { answer, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { dollars } from './dollars.ts';
import { allItems, withQuery } from './page.ts';
import { table } from './table.ts';

/** Prints the rules, and what was spent today of what is bounded or used. */
export async function listBudgets(cli: Cli): Promise<void> {
  const client = await cli.client();
  const budgets = await allItems<BudgetRule>(client, '/budgets');
  const today = await client.call<BudgetStates>('GET', '/budgets/state');
  const names = await namesOf(client, [...budgets, ...today.items]);
  answer(cli, { budgets, today }, () => {
    const { columns } = cli.terminal;
    const rules = budgets.map(({ scope, subject, usd, tokens }) => [
      whose(scope, subject, names),
      usd === null ? '-' : dollars(usd),
      tokens === null ? '-' : String(tokens),
      scope === 'run' ? 'each run' : 'day (UTC)',
    ]);
    const spent = today.items.map((item) => [
      whose(item.scope, item.subject, names),
      ofBound(dollars(item.spentUsd), item.usd === null ? null : dollars(item.usd)),
      ofBound(String(item.spentTokens), item.tokens === null ? null : String(item.tokens)),
      underWay(item),
    ]);
    const bounds =
      rules.length === 0
        ? 'No budgets. Set one with `gantry budgets set instance --usd 20`.'
        : table(['WHOSE', 'MONEY', 'TOKENS', 'PER'], rules, columns);
    return `${bounds}\n\nToday, ${today.day}:\n${table(['WHOSE', 'MONEY', 'TOKENS', 'UNDER WAY'], spent, columns)}`;
  });
}

export async function setBudget(
  cli: Cli,
  scope: BudgetScope,
  named: string | undefined,
  { usd, tokens }: { readonly usd?: string; readonly tokens?: string },
): Promise<void> {
  const client = await cli.client();
  const subject = await subjectOf(client, scope, named);
  const body = { scope, subject, usd: numberOf('usd', usd), tokens: numberOf('tokens', tokens) };
  const rule = await client.call<BudgetRule>('PUT', '/budgets', body);
  answer(cli, rule, () => {
    const bounds = [
      rule.usd === null ? [] : dollars(rule.usd),
      rule.tokens === null ? [] : `${rule.tokens} tokens`,
    ].flat();
    const per = scope === 'run' ? '' : ' a day';
    return `${inert(named ?? whose(scope, '', new Map()))}: ${bounds.join(', ') || 'no bound'}${bounds.length > 0 ? per : ''}.`;
  });
}

export async function removeBudget(cli: Cli, scope: BudgetScope, named: string | undefined): Promise<void> {
  const client = await cli.client();
  const subject = await subjectOf(client, scope, named);
  await client.call(
    'DELETE',
    withQuery('/budgets', { scope, subject: subject === '' ? undefined : subject }),
  );
  answer(
    cli,
    { scope, subject, removed: true },
    () => `Removed the budget (${scope}${named ? ` ${inert(named)}` : ''}).`,
  );
}

async function subjectOf(client: Client, scope: BudgetScope, named: string | undefined): Promise<string> {
  if (named === undefined || scope !== 'user') return named ?? '';
  const { findUser } = await import('./people.ts');
  return (await findUser(client, named)).id;
}

function numberOf(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new GantryError('INPUT_INVALID', `--${option} must be a number, not "${text}".`);
}

/** People by id, as far as whoever asks may know them. */
async function namesOf(
  client: Client,
  items: readonly { readonly scope: string; readonly subject: string }[],
): Promise<Map<string, string>> {
  if (!items.some(({ scope, subject }) => scope === 'user' && subject !== '')) return new Map();
  const users = await allItems<User>(client, '/users').catch((error: unknown) => {
    if (error instanceof GantryError && error.code === 'FORBIDDEN') return [];
    throw error;
  });
  return new Map(users.map(({ id, email }) => [id, email]));
}

function whose(scope: BudgetScope, subject: string, names: ReadonlyMap<string, string>): string {
  if (scope === 'instance') return 'the whole instance';
  if (scope === 'run') return 'each run';
  if (subject === '') return `each ${scope}`;
  return scope === 'user' ? (names.get(subject) ?? subject) : subject;
}

function ofBound(spent: string, bound: string | null): string {
  return bound === null ? spent : `${spent} of ${bound}`;
}

function underWay({ reservedUsd, reservedTokens }: BudgetState): string {
  return reservedTokens === 0 ? '-' : `up to ${dollars(reservedUsd)}, ${reservedTokens} tokens`;
}
