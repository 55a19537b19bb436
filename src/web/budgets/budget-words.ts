import type { BudgetRule, BudgetScope } from '../../contract/budget.ts';
import { moneyText, shortCountText } from '../format/amount.ts';
import type { Texts } from '../locales/texts.ts';

/** Whom a budget is for: "acme/shop", "Each user". `nameOf` tells what to call a user. */
export function subjectWords(
  t: Texts,
  { scope, subject }: { readonly scope: BudgetScope; readonly subject: string },
  nameOf: (userId: string) => string,
): string {
  if (scope === 'instance') return t('budgets:scopes.instance');
  if (scope === 'run') return t('budgets:eachRun');
  if (subject === '') return t(scope === 'user' ? 'budgets:eachUser' : 'budgets:eachRepository');
  return scope === 'user' ? nameOf(subject) : subject;
}

/** What a rule bounds: "$5.00 a day, 2.0 M tokens a day". */
export function boundWords(
  t: Texts,
  { scope, usd, tokens }: Pick<BudgetRule, 'scope' | 'usd' | 'tokens'>,
): string {
  const run = scope === 'run';
  const parts = [
    ...(usd === null ? [] : [t(run ? 'budgets:perRun' : 'budgets:perDay', { amount: moneyText(usd) })]),
    ...(tokens === null
      ? []
      : [t(run ? 'budgets:tokensPerRun' : 'budgets:tokensPerDay', { amount: shortCountText(tokens) })]),
  ];
  return parts.length === 0 ? t('budgets:unbounded') : parts.join(', ');
}
