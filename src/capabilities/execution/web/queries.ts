import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { OpenDocument } from '../../../contract/document.ts';
import type { languageSchema } from '../../../contract/language.ts';
import type { Run } from '../../../contract/run.ts';
import { get } from '../../../web/api/client.ts';
import type { LimitTable } from '../limits-route.ts';
import type { ExecutionInput, ExecutionOutput } from '../schema.ts';

/** A language that can be run now; the newest version stands first. */
export type OfferedLanguage = z.infer<typeof languageSchema>;

export type ExecutionRun = Omit<Run, 'input' | 'output'> & {
  readonly input: ExecutionInput;
  readonly output: ExecutionOutput | null;
};

interface Ask {
  readonly signal: AbortSignal;
}

/** The languages that can be run now. */
export function useLanguages() {
  return useQuery({
    queryKey: ['languages'],
    queryFn: ({ signal }: Ask) => get<{ items: OfferedLanguage[] }>('/languages', undefined, signal),
    staleTime: 60_000,
  });
}

/** What limits there are. */
export function useLimitTable(): LimitTable | undefined {
  return useQuery({
    queryKey: ['execution-limits'],
    queryFn: ({ signal }: Ask) => get<LimitTable>('/executions/limits', undefined, signal),
    staleTime: Infinity,
  }).data;
}

export function runQuery(id: string | undefined) {
  return {
    queryKey: ['execution', id ?? ''],
    queryFn: ({ signal }: Ask) => get<ExecutionRun>(`/runs/${id}`, undefined, signal),
    enabled: id !== undefined,
  };
}

export function scriptQuery(id: string | undefined, version?: number) {
  return {
    queryKey: ['scripts', 'open', id ?? '', version ?? 0],
    queryFn: ({ signal }: Ask) => get<OpenDocument>(`/scripts/${id}`, { version }, signal),
    enabled: id !== undefined,
  };
}
