import type { EventBody } from '../../contract/event.ts';
import { inert } from '../../base/inert.ts';

/** What the proxy decided on one connection or request, told once, when it is over. */
export type EgressDecision = Omit<Extract<EventBody, { type: 'egress' }>['data'], 'times'>;

const longestShown = 100;

/** What a client asked for, fit to be shown whatever it wrote. */
export function shownHost(text: string): string {
  const line = inert(text);
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line;
}
