import { useQuery } from '@tanstack/react-query';
import type { Overview, Queues } from '../../contract/system.ts';
import type { WorkerView } from '../../contract/worker.ts';
import { get } from '../api/client.ts';

const everyMs = 3000;

export const useOverview = () =>
  useQuery({
    queryKey: ['system', 'overview'],
    queryFn: ({ signal }) => get<Overview>('/system/overview', undefined, signal),
    refetchInterval: everyMs,
  });

export const useWorkers = () =>
  useQuery({
    queryKey: ['system', 'workers'],
    queryFn: ({ signal }) => get<{ items: readonly WorkerView[] }>('/system/workers', undefined, signal),
    refetchInterval: everyMs,
  });

export const useQueues = () =>
  useQuery({
    queryKey: ['system', 'queues'],
    queryFn: ({ signal }) => get<Queues>('/system/queues', undefined, signal),
    refetchInterval: everyMs,
  });
