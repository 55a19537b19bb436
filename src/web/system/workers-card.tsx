import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkerView } from '../../contract/worker.ts';
import { post } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { Table } from '../parts/table.tsx';
import { useWorkers } from './use-system.ts';
import { WorkerDrawer } from './worker-drawer.tsx';
import { WorkerRow } from './worker-row.tsx';

const columns = ['worker', 'state', 'runs', 'memory', 'version', 'seen', 'action'] as const;
const numbers: ReadonlySet<string> = new Set(['runs', 'memory', 'version', 'seen']);

/** Who works, how loaded, and who was lost within the hour. */
export function WorkersCard() {
  const { t } = useTranslation('system');
  const { data, error, refetch } = useWorkers();
  const [opened, setOpened] = useState<WorkerView | null>(null);
  const [asked, setAsked] = useState<WorkerView | null>(null);
  const drain = useDrain();
  const items = data?.items ?? [];
  const live = items.filter(({ state }) => state !== 'lost').length;
  return (
    <Card title={t('workers.title')} note={data && t('workers.note', { live, all: items.length })} flush>
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {drain.error && <ErrorPanel error={drain.error} />}
      {data && items.length === 0 && (
        <EmptyState title={t('workers.none')} text={t('workers.noneText')} command="gantry worker" />
      )}
      {items.length > 0 && (
        <Table
          name={t('workers.title')}
          head={
            <tr>
              {columns.map((name) => (
                <th key={name} data-number={numbers.has(name) || undefined}>
                  {t(`workers.${name}`)}
                </th>
              ))}
            </tr>
          }
        >
          {items.map((worker) => (
            <WorkerRow
              key={worker.id}
              worker={worker}
              onOpen={() => setOpened(worker)}
              onDrain={() => setAsked(worker)}
              onGoOn={() => drain.mutate({ id: worker.id, drain: false })}
            />
          ))}
        </Table>
      )}
      <WorkerDrawer worker={opened} onClose={() => setOpened(null)} />
      <Confirm
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={t('workers.askTitle', { name: asked?.name ?? '' })}
        text={t('workers.askText', { count: asked?.busy ?? 0 })}
        action={t('workers.askAction')}
        keep={t('workers.askKeep')}
        tone="ink"
        onConfirm={() => drain.mutateAsync({ id: asked?.id ?? '', drain: true })}
      />
    </Card>
  );
}

function useDrain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, drain }: { id: string; drain: boolean }) =>
      post(`/system/workers/${encodeURIComponent(id)}/drain`, { drain }),
    onSettled: () => client.invalidateQueries({ queryKey: ['system'] }),
  });
}
