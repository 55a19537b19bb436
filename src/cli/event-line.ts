import { inert } from '../base/inert.ts';
import { eventSentence, eventText } from '../contract/event-text.ts';
import type { Event } from '../contract/event.ts';

/** One inert line that tells an event; nothing for `output`, which is shown as it is, and for events of a newer server. */
export function eventLine(event: Event): string | undefined {
  const text = eventText(event);
  return text && `${event.at.slice(11, 19)}  ${inert(eventSentence(text))}`;
}
