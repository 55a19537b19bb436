import type { AskedFilter } from '../contract/run-filter.ts';
import { seesAll, type Actor } from '../contract/user.ts';
import type { RunFilter } from '../kernel/run-filter.ts';

/** What was asked for, within what this actor may see: members see their own runs. */
export function visibleFilter(asked: AskedFilter, actor: Actor): RunFilter {
  const { q, by, parent, after, before, ...plain } = asked;
  return {
    ...plain,
    text: q === '' ? undefined : q,
    by: by === 'me' ? actor.userId : by,
    parentId: parent,
    after: after === undefined ? undefined : new Date(after),
    before: before === undefined ? undefined : new Date(before),
    userId: seesAll(actor) ? undefined : actor.userId,
  };
}
