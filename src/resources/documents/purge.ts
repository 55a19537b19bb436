import type { Logger } from '../../base/logger.ts';
import type { Documents } from './documents.ts';

/** How long a deleted document can be brought back. */
const keptDays = 30;
const everyMs = 3_600_000;

/** Purges deleted documents now and then each hour, until stopped. */
export function purgeHourly(documents: Documents, logger: Logger): () => void {
  const purge = () => {
    documents
      .purge(keptDays)
      .catch((error: unknown) => logger.warn({ reason: String(error) }, 'deleted documents were not purged'));
  };
  purge();
  const timer = setInterval(purge, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
