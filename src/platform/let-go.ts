import type { Logger } from '../base/logger.ts';
import type { Workspaces } from '../resources/workspace/workspace.ts';
import type { Listener } from '../store/listen.ts';

/**
 * Closes what this process holds of runs that end without a worker, as one does that is cancelled while it waits for a
 * person. What is missed closes when nobody has used it for long.
 */
export function letGoOfEnded(
  listener: Pick<Listener, 'on'>,
  workspaces: Pick<Workspaces, 'release'>,
  logger: Logger,
): () => void {
  const hear = (text: string): void => {
    const [runId = '', ...rest] = text.split(' ');
    if (rest.at(-1) !== 'end') return;
    void workspaces
      .release(runId)
      .catch((error: unknown) => logger.warn({ err: error, runId }, 'a workspace could not be closed'));
  };
  return listener.on('gantry_events', hear, () => undefined);
}
