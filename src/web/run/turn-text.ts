import type { QueuedBecause } from '../../contract/queued-because.ts';
import type { Texts } from '../locales/texts.ts';

/** What a queued run waits for, as a sentence. */
export function turnText({ limit, of, name }: QueuedBecause, t: Texts): string {
  if (limit !== 'workers') return t(`run:turn.${limit}`, { of, name: name.slice(0, 100) });
  return of === 0 ? t('run:turn.noWorker') : t('run:turn.workers', { count: of });
}
