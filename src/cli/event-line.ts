import { formatDuration } from '../base/duration.ts';
import { inert } from '../base/inert.ts';
import type { Event, EventBody, EventType } from '../contract/event.ts';

type Teller<Type extends EventType> = (data: Extract<EventBody, { type: Type }>['data']) => string;

const by = (who: string | null) => (who === null ? '' : ` by ${who}`);
const stepName = (data: { step: string; ordinal: number }) =>
  data.ordinal === 0 ? data.step : `${data.step} #${data.ordinal + 1}`;

const tellers: { readonly [Type in EventType]: Teller<Type> | undefined } = {
  'run.queued': (data) => `queued (${data.reason})`,
  'run.started': (data) => `started on ${data.worker}${data.attempt > 1 ? `, attempt ${data.attempt}` : ''}`,
  'run.waiting': (data) => `waits for ${data.for}${data.until === null ? '' : ` until ${data.until}`}`,
  'run.cancelling': (data) => `cancelling${by(data.by)}`,
  'run.priority': (data) => `priority ${data.priority}${by(data.by)}`,
  'run.succeeded': () => 'succeeded',
  'run.failed': (data) => `failed: ${data.error.message}`,
  'run.cancelled': (data) => `cancelled${by(data.by)}`,
  'run.dead': (data) => `dead: ${data.error.message}`,
  'step.started': (data) => `${stepName(data)}${data.attempt > 1 ? `, attempt ${data.attempt}` : ''}`,
  'step.retrying': (data) =>
    `${stepName(data)} tries again in ${formatDuration(data.delayMs)}: ${data.error.message}`,
  'step.succeeded': (data) => `${stepName(data)} done in ${formatDuration(data.durationMs)}`,
  'step.failed': (data) => `${stepName(data)} failed: ${data.error.message}`,
  'signal.received': (data) => `signal ${data.name}${by(data.by)}`,
  'child.started': (data) => `${stepName(data)} started ${data.capability} ${data.runId}`,
  output: undefined,
  log: (data) => `${data.level}: ${data.message}`,
  progress: (data) => (data.message === undefined ? data.phase : `${data.phase}: ${data.message}`),
};

/** One inert line that tells an event; nothing for `output`, which is shown as it is, and for events of a newer server. */
export function eventLine(event: Event): string | undefined {
  const tell = tellers[event.type] as ((data: unknown) => string) | undefined;
  return tell && `${event.at.slice(11, 19)}  ${inert(tell(event.data))}`;
}
