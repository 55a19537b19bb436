import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { Run } from '../contract/run.ts';
import { answer, type Cli } from './cli.ts';
import { confirm } from './confirm.ts';

type Options = Readonly<Record<string, string | boolean>>;

/** The part of a dry run's output that is shown here. */
interface Plan {
  readonly selected: number;
  readonly sample: readonly { readonly id: string; readonly status: string; readonly title: string }[];
}

/** Says which runs would start again, asks, and starts exactly as many; what becomes of them is in the replay's run. */
export async function replay(cli: Cli, ids: readonly string[], options: Options): Promise<void> {
  const client = await cli.client();
  const body = { filter: filterOf(ids, options), ratePerMinute: rateOf(options['rate']) };
  const looked = await client.call<Run>('POST', '/replays', { ...body, dryRun: true });
  if (looked.status !== 'succeeded')
    throw new GantryError('CONFLICT', looked.error?.message ?? looked.status);
  const plan = looked.output as Plan;
  if (options['dryRun'] || plan.selected === 0) return answer(cli, looked, () => told(plan));
  if (!options['yes']) cli.terminal.note(told(plan));
  await confirm(`Start ${plan.selected} runs again?`, options['yes'] === true);
  const run = await client.call<Run>('POST', '/replays', { ...body, expected: plan.selected });
  answer(
    cli,
    run,
    () => `Starting ${plan.selected} runs again. \`gantry runs follow ${run.id}\` shows how far it is.`,
  );
}

function filterOf(ids: readonly string[], options: Options): Record<string, unknown> {
  if (ids.length > 0) return { ids };
  const text = (name: string) => {
    const value = options[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    status: text('status')?.split(','),
    capability: text('capability'),
    q: text('search'),
    after: text('after'),
    before: text('before'),
  };
}

function rateOf(rate: string | boolean | undefined): number {
  const count = Number(rate);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new GantryError('INPUT_INVALID', `--rate ${String(rate)} is not a number of runs per minute.`);
}

function told({ selected, sample }: Plan): string {
  if (selected === 0) return 'No finished run matches.';
  const shown = sample.slice(0, 10).map(({ id, status, title }) => `  ${id}  ${status}  ${inert(title)}`);
  const more = selected > shown.length ? [`  and ${selected - shown.length} more`] : [];
  return [`${selected} runs would start again:`, ...shown, ...more].join('\n');
}
