import { ask } from '../capabilities/ask/web/index.ts';
import { coding } from '../capabilities/coding/web/index.ts';
import { execution } from '../capabilities/execution/web/index.ts';
import { replay } from '../capabilities/replay/web/index.ts';
import type { WebCapability } from './capability.ts';

/** The capabilities' pages, in the order of the sidebar. */
export const webCapabilities: readonly WebCapability[] = [execution, coding, ask, replay];

/** The one whose runs carry this name. */
export function webCapability(name: string): WebCapability | undefined {
  return webCapabilities.find((each) => each.name === name);
}
