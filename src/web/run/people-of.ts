import type { RunSummary } from '../../contract/run.ts';
import type { RunMoment } from './run-follower.ts';

/** Ids of the people that the page names: who started the run, and who did something to it. */
export function peopleOf(run: RunSummary, { view }: RunMoment): string[] {
  const ids = new Set<string>();
  if (run.userId !== null) ids.add(run.userId);
  if (run.paused?.by) ids.add(run.paused.by);
  if ('userId' in run.trigger) ids.add(run.trigger.userId);
  for (const entry of view.timeline.entries) {
    if (entry.kind !== 'told') continue;
    const { data } = entry.event;
    if ('by' in data && data.by !== null) ids.add(data.by);
  }
  return [...ids];
}
