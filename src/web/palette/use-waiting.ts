import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconUserQuestion } from '@tabler/icons-react';
import type { InboxPage } from '../../contract/inbox.ts';
import { get } from '../api/client.ts';
import type { Command } from '../commands/command.ts';

const shown = 5;

/** What waits for the person: answering comes before everything else. */
export function useWaiting(active: boolean): Command[] {
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['palette-inbox'],
    queryFn: ({ signal }) => get<InboxPage>('/inbox', { limit: shown }, signal),
    enabled: active,
  });
  return (data?.items ?? [])
    .filter(({ kind, resolution }) => kind === 'question' && resolution === null)
    .map(({ id, headline, title, runId }) => ({
      id,
      group: 'do',
      label: headline,
      object: title,
      icon: IconUserQuestion,
      run: () => void navigate({ to: `/runs/${runId}` }),
    }));
}
