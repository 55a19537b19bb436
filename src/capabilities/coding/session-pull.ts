import type { Pull } from '../../resources/ports/forge.ts';
import type { SessionPull } from './schema.ts';

/** What a session keeps of its pull request. */
export function sessionPull({ number, webUrl: url, title, state, isDraft }: Pull): SessionPull {
  return { number, url, title, state, isDraft };
}
