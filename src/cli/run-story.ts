import { formatDuration } from '../base/duration.ts';
import { stepTitle } from '../contract/event-text.ts';
import type { Event } from '../contract/event.ts';
import type { TimelineEntry } from '../contract/run-timeline.ts';
import { applyEvent, createRunView, type RunView } from '../contract/run-view.ts';
import type { Client } from './client.ts';
import type { Page } from './page.ts';
import { table } from './table.ts';

/** What happened in a run so far, folded as its page folds it, without its output. */
export async function readStory(client: Client, runId: string): Promise<RunView> {
  const view = createRunView({ id: runId });
  for (let after: string | null = '0'; after !== null;) {
    const query = `after=${after}&without=output,log,usage&limit=1000`;
    const page: Page<Event> = await client.call('GET', `/runs/${runId}/events?${query}`);
    for (const event of page.items) applyEvent(view, event);
    after = page.next ?? null;
  }
  return view;
}

/** The steps in the order in which they began; one that a lost worker had begun stands there as lost. Empty for none. */
export function stepTable(entries: readonly TimelineEntry[], columns: number): string {
  const steps = entries.filter((entry) => entry.kind === 'step');
  if (steps.length === 0) return '';
  const rows = steps.map((step) => [
    step.position === null ? '-' : String(step.position),
    stepTitle(step),
    step.does,
    step.kept ? `${step.state}, kept` : step.state,
    String(step.attempt),
    step.durationMs === null ? '' : formatDuration(step.durationMs),
  ]);
  return table(['STEP', 'NAME', 'KIND', 'STATE', 'ATTEMPT', 'TOOK'], rows, columns);
}
