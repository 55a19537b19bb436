import { formatDuration } from '../base/duration.ts';
import { formatUsd, formatTokens } from './money.ts';
import { budgetChanged as changed, budgetSubject, mayAllow, type OverBudget } from '../contract/budget.ts';
import type { Ask } from '../contract/question.ts';
import type { AgentEnd } from './agent.ts';
import { nameOf, type Thread } from './thread.ts';

/**
 * Asks whether the run may go beyond a budget: its owner for the run's own, an admin for those that bound others as well.
 * Answers how the agent ends when it may not.
 */
export async function askForBudget(thread: Thread, over: OverBudget): Promise<AgentEnd | undefined> {
  const { ctx, request } = thread;
  const offers = offersOf(over);
  const given = await ctx.ask(nameOf(thread, 'budget'), question(over, offers));
  if (given?.value === changed) return undefined;
  const amount = offers.find((_, index) => given?.value === `more-${index}`);
  if (given && amount !== undefined) {
    const { scope, subject, unit } = over;
    await ctx.step(
      nameOf(thread, 'allow'),
      (step) =>
        request.gateway.allow(ctx.run.id, { scope, subject, unit }, amount, given.by, step.idempotencyKey),
      { retry: { attempts: 5, delayMs: 500 } },
    );
    return undefined;
  }
  const notice = `The agent stopped at ${whose(over)}: ${show(over, over.spent)} of ${show(over, over.limit)} are used up.`;
  return { kind: 'declined', over, notice };
}

function question(over: OverBudget, offers: readonly number[]): Ask {
  const { unit } = over;
  return {
    title: `Go beyond ${whose(over)}?`,
    text: `${unit === 'wallMs' ? 'The run has worked as long as it may' : 'The next call of the model would go beyond it'}, so the run waits; nothing is spent meanwhile. It goes on where it is as soon as more is allowed.`,
    facts: [
      { label: 'Budget', value: show(over, over.limit) },
      { label: 'Spent', value: show(over, over.spent) },
      ...(unit === 'wallMs' ? [] : [{ label: 'The next call needs up to', value: show(over, over.needs) }]),
    ],
    answers: [
      ...offers.map((amount, index) => ({
        value: `more-${index}`,
        label: `Allow ${show(over, amount)} more`,
        tone: 'go' as const,
      })),
      { value: changed, label: 'Try again as it is set now', tone: 'change' },
      { value: 'stop', label: 'Stop here', tone: 'refuse' },
    ],
    subject: { kind: budgetSubject, value: { ...over } },
    ...(mayAllow(over) === 'admin' && { who: { kind: 'role' as const, role: 'admin' as const } }),
  };
}

function whose({ scope, subject }: OverBudget): string {
  switch (scope) {
    case 'run':
      return subject === '' ? 'the budget of a single run' : 'the budget of this run';
    case 'instance':
      return "this Gantry's budget of the day";
    case 'user':
      return "the user's budget of the day";
    case 'repository':
      return `the budget of the day of ${subject === '' ? 'the repository' : subject}`;
  }
}

/** Two amounts worth offering: some more calls, and about as much again. */
function offersOf({ unit, limit, spent, needs }: OverBudget): number[] {
  const missing = Math.max(0, spent + needs - limit);
  const few = roundUp(Math.max(missing * 3, limit * 0.25), unit);
  const many = roundUp(Math.max(missing * 10, limit), unit);
  return few === many ? [many] : [few, many];
}

/** To two digits, and to whole tokens. */
function roundUp(amount: number, unit: OverBudget['unit']): number {
  if (amount <= 0) return unit === 'usd' ? 0.01 : 1000;
  const step = 10 ** (Math.floor(Math.log10(amount)) - 1);
  const rounded = Math.ceil(amount / step - 1e-9) * step;
  return unit === 'tokens' ? Math.ceil(rounded) : Number(rounded.toPrecision(12));
}

function show({ unit }: OverBudget, amount: number): string {
  if (unit === 'wallMs') return formatDuration(amount);
  return unit === 'usd' ? formatUsd(amount) : formatTokens(amount);
}
