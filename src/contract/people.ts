import type { Event } from './event.ts';

/** Ids of the people that events name, each once. */
export function peopleIn(events: Iterable<Event>): string[] {
  const ids = new Set<string>();
  for (const { data } of events) if ('by' in data && data.by !== null) ids.add(data.by);
  return [...ids];
}
