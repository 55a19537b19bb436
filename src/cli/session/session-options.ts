import { parseDuration } from '../../base/duration.ts';
import { GantryError } from '../../base/errors.ts';
import type { FollowUp } from '../../capabilities/coding/schema.ts';
import type { ModelEffort } from '../../contract/model.ts';
import type { Budget } from '../../contract/run.ts';
import { parseUsd } from '../dollars.ts';
import { confirmOption, countOption, modelOption, readText } from '../read-text.ts';

/** What `gantry session` was given. */
export interface SessionOptions {
  readonly repo?: string;
  /** The words; `-` for stdin, `@file` for a file. */
  readonly goal?: string;
  readonly goalFile?: string;
  readonly base?: string;
  readonly model?: string;
  readonly fallback: readonly string[];
  readonly effort?: ModelEffort;
  readonly auto?: boolean;
  /** Phases, several in one with commas between them. */
  readonly skip: readonly string[];
  readonly draft?: boolean;
  readonly followUp?: boolean;
  readonly budget?: string;
  readonly tokens?: string;
  readonly time?: string;
  readonly turns?: string;
  readonly retries?: string;
  readonly confirm?: string | true;
  readonly issue?: string;
  readonly repositoryTools?: boolean;
  readonly detach?: boolean;
  readonly attach?: string;
}

/** The request but for its repository. INPUT_INVALID for what can't be meant; the server checks the rest. */
export function requestOf(options: SessionOptions): Readonly<Record<string, unknown>> {
  const { turns, retries, effort, fallback } = options;
  const skip = options.skip.flatMap((each) => each.split(',')).filter((each) => each !== '');
  const limits = {
    ...(turns !== undefined && { turns: countOption(turns, '--turns') }),
    ...(retries !== undefined && { retries: countOption(retries, '--retries', 0) }),
  };
  const budget = budgetOf(options);
  return {
    goal: goalOf(options),
    ...modelOption(options.model),
    ...(fallback.length > 0 && { fallbacks: [...fallback] }),
    ...(effort && { effort }),
    ...(options.auto && { auto: true }),
    ...(skip.length > 0 && { skip }),
    ...(options.draft && { pull: 'draft' }),
    ...(options.followUp && { followUp: {} }),
    ...(options.confirm !== undefined && { confirm: confirmOption(options.confirm) }),
    ...(options.issue !== undefined && { issue: countOption(options.issue, '--issue') }),
    ...(options.repositoryTools && { repositoryTools: true }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(budget && { budget }),
    ...(options.base !== undefined && { baseBranch: options.base }),
  };
}

/** What a session may use before it asks; undefined when nothing was said. */
export function budgetOf({
  budget,
  tokens,
  time,
}: Pick<SessionOptions, 'budget' | 'tokens' | 'time'>): Budget | undefined {
  const wanted: Budget = {
    ...(budget !== undefined && { usd: parseUsd(budget) }),
    ...(tokens !== undefined && { tokens: countOption(tokens, '--tokens') }),
    ...(time !== undefined && { wallMs: parseDuration(time) }),
  };
  return Object.keys(wanted).length === 0 ? undefined : wanted;
}

function goalOf({ goal, goalFile }: SessionOptions): string {
  if (goal !== undefined && goalFile !== undefined)
    throw new GantryError('INPUT_INVALID', 'Give --goal or --goal-file, not both.');
  const text =
    goalFile !== undefined
      ? readText(goalFile)
      : goal === '-'
        ? readText('-')
        : goal?.startsWith('@')
          ? readText(goal.slice(1))
          : goal;
  if (text !== undefined && text.trim() !== '') return text.trim();
  const message =
    'Say what is to be different, as in `gantry session --goal "Totals include the discount"`; --goal - reads it from stdin.';
  throw new GantryError('INPUT_INVALID', message);
}

/** How a pull request is looked after; what is not said is left to the server. */
export function followUpOf(options: {
  readonly comments?: boolean;
  readonly checks?: boolean;
  readonly attempts?: string;
  readonly hours?: string;
}): Partial<FollowUp> {
  return {
    ...(options.comments === false && { comments: false }),
    ...(options.checks === false && { checks: false }),
    ...(options.attempts !== undefined && { attempts: countOption(options.attempts, '--attempts') }),
    ...(options.hours !== undefined && { hours: countOption(options.hours, '--hours') }),
  };
}
