import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Event } from '../../../../contract/event.ts';
import { followStream, type StreamState } from '../../../../web/live/server-stream.ts';
import { runQuery, type ExecutionRun } from '../queries.ts';
import { createRunOutput, hasEnded, takeEvent, type RunOutput } from './output-store.ts';

/** What is listened for; other events say nothing that is shown here. */
const types = [
  ...[
    'output',
    'usage',
    'step.started',
    'step.retrying',
    'step.succeeded',
    'run.queued',
    'run.started',
    'run.waiting',
  ],
  ...['run.succeeded', 'run.failed', 'run.cancelled', 'run.dead'],
];

export interface Execution {
  readonly id: string | undefined;
  /** As it was when it was last asked for: with its output once it has ended. */
  readonly run: ExecutionRun | undefined;
  readonly error: unknown;
  readonly output: RunOutput;
  readonly stream: StreamState;
  readonly ended: boolean;
}

/** Follows a run: its output from the beginning, then live, also after a reload or a lost connection. */
export function useExecution(id: string | undefined): Execution {
  const client = useQueryClient();
  const { data: run, error } = useQuery(runQuery(id));
  const feed = useMemo(() => createFeed(), []);
  const output = useMemo(() => createRunOutput(id), [id]);
  const [stream, setStream] = useState<StreamState>('connecting');
  const known = run?.id === id && id !== undefined;
  useEffect(() => {
    if (!known) return undefined;
    const stop = followStream({
      url: () => `/api/v1/runs/${id}/events?after=${output.lastSeq}`,
      types,
      onState: setStream,
      onEvent: (data, type) => {
        takeEvent(output, data as Event);
        feed.changed();
        if (type === 'run.started') void client.invalidateQueries({ queryKey: ['executions'] });
        if (!hasEnded(output)) return;
        stop();
        void client.invalidateQueries({ queryKey: ['execution', id] });
        void client.invalidateQueries({ queryKey: ['executions'] });
      },
    });
    return stop;
  }, [client, feed, id, known, output]);
  useSyncExternalStore(feed.watch, () => output.version);
  const ended = run !== undefined && hasEnded(output) && run.finishedAt !== null;
  return { id, run: known ? run : undefined, error, output, stream, ended };
}

/** Tells at most once per frame that something came. */
function createFeed() {
  const watchers = new Set<() => void>();
  let frame = 0;
  return {
    watch: (changed: () => void) => {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    changed: () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        for (const changed of watchers) changed();
      });
    },
  };
}
