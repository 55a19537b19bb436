import { GantryError } from '../base/errors.ts';
import { formatDuration, parseDuration } from '../base/duration.ts';
import type { Budget, BudgetChange, Run } from '../contract/run.ts';
import { answer, type Cli } from './cli.ts';
import { dollars } from './dollars.ts';
import { resolveRunId } from './run-id.ts';

interface Bounds {
  readonly usd?: string;
  readonly tokens?: string;
  readonly time?: string;
}

/** Sets what a run under way may use; bounds that aren't named stay. */
export async function setRunBudget(cli: Cli, text: string, { usd, tokens, time }: Bounds): Promise<void> {
  const budget: BudgetChange = {
    ...(usd !== undefined && { usd: boundOf('usd', usd.replace(/^\$/, ''), Number) }),
    ...(tokens !== undefined && { tokens: boundOf('tokens', tokens, Number) }),
    ...(time !== undefined && { wallMs: boundOf('time', time, parseDuration) }),
  };
  if (Object.keys(budget).length === 0)
    throw new GantryError('INPUT_INVALID', 'Say what to bound: --usd, --tokens or --time.');
  const client = await cli.client();
  const id = await resolveRunId(client, text);
  const run = await client.call<Run>('PATCH', `/runs/${id}`, { budget });
  answer(cli, run, () => `${id}: ${boundsOf(run.budget ?? {})}.`);
}

function boundOf(option: string, text: string, read: (text: string) => number): number | null {
  if (text === 'none') return null;
  const value = text.trim() === '' ? Number.NaN : read(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new GantryError('INPUT_INVALID', `--${option} must be above 0, or "none", not "${text}".`);
}

function boundsOf({ usd, tokens, wallMs }: Budget): string {
  const bounds = [
    usd === undefined ? [] : dollars(usd),
    tokens === undefined ? [] : `${tokens} tokens`,
    wallMs === undefined ? [] : `${formatDuration(wallMs)} at work`,
  ].flat();
  return bounds.join(', ') || 'no bound';
}
