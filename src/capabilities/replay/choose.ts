import type { RunSummary } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import type { RunsOnBehalf } from '../../kernel/on-behalf.ts';
import { mostReplayed, type Refusal, type ReplayFilter, type ReplayOutput } from './schema.ts';

/** What is to be started again, the oldest first, as the runs once came. */
export interface Chosen {
  readonly ids: readonly string[];
  readonly skipped: number;
  readonly refusals: readonly Refusal[];
  readonly about: Pick<ReplayOutput, 'selected' | 'more' | 'byCapability' | 'byStatus' | 'sample'>;
}

const sampled = 100;

/** Finds the runs. Replays are not replayed, and a run that another one started belongs to that one. */
export async function choose(runs: RunsOnBehalf, filter: ReplayFilter): Promise<Chosen> {
  if (filter.ids) return chooseNamed(runs, filter.ids);
  const found: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await runs.list({ ...listFilter(filter), cursor, limit: 500 });
    found.push(...page.items.filter(isWhole));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && found.length <= mostReplayed);
  const taken = found.slice(0, mostReplayed).toReversed();
  return describe(taken, { more: found.length > mostReplayed, skipped: 0, refusals: [] });
}

async function chooseNamed(runs: RunsOnBehalf, asked: readonly string[]): Promise<Chosen> {
  const ids = [...new Set(asked.map((id) => id.toLowerCase()))];
  const found = await runs.find(ids);
  const finished = found.filter((run) => isTerminal(run.status)).toReversed();
  const refusals = ids
    .filter((id) => !found.some((run) => run.id === id))
    .map((runId) => ({ runId, code: 'NOT_FOUND', reason: 'There is no such run.' }));
  return describe(finished, { more: false, skipped: found.length - finished.length, refusals });
}

function listFilter({ capability, status, by, repository, after, before, q }: ReplayFilter) {
  return {
    capability,
    by,
    repository,
    status: status ?? (['succeeded', 'failed', 'cancelled', 'dead'] as const),
    text: q === '' ? undefined : q,
    after: after === undefined ? undefined : new Date(after),
    before: before === undefined ? undefined : new Date(before),
  };
}

function isWhole(run: RunSummary): boolean {
  return run.parentId === null && run.capability !== 'replay';
}

function describe(
  taken: readonly RunSummary[],
  { more, skipped, refusals }: { more: boolean; skipped: number; refusals: readonly Refusal[] },
): Chosen {
  return {
    ids: taken.map(({ id }) => id),
    skipped,
    refusals,
    about: {
      selected: taken.length,
      more,
      byCapability: countBy(taken, ({ capability }) => capability),
      byStatus: countBy(taken, ({ status }) => status),
      sample: taken.slice(0, sampled).map(({ id, title, capability, status, createdAt }) => ({
        ...{ id, title, capability, status, createdAt },
      })),
    },
  };
}

export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
