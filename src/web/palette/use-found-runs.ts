import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconList } from '@tabler/icons-react';
import type { RunSummary } from '../../contract/run.ts';
import { get } from '../api/client.ts';
import { webCapability } from '../capabilities.ts';
import type { Command } from '../commands/command.ts';

const shown = 6;

/** Runs whose title or id has the text, the latest first. */
export function useFoundRuns(query: string, active: boolean): Command[] {
  const navigate = useNavigate();
  const [text] = useDebouncedValue(query.trim(), 150);
  const { data } = useQuery({
    queryKey: ['palette-runs', text],
    queryFn: ({ signal }) => get<{ items: RunSummary[] }>('/runs', { q: text, limit: shown }, signal),
    enabled: active && text.length > 1,
    placeholderData: keepPreviousData,
  });
  if (text.length < 2) return [];
  return (data?.items ?? []).map(({ id, title, status, capability }) => ({
    id,
    group: 'goto',
    label: title,
    object: status,
    icon: webCapability(capability)?.icon ?? IconList,
    run: () => void navigate({ to: `/runs/${id}` }),
  }));
}
