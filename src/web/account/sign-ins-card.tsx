import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignIn } from '../../contract/sign-in.ts';
import { get, post, remove } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { toast } from '../parts/toast.ts';
import { enter } from '../sign-in/auth-client.ts';
import { SignInTable } from './sign-in-table.tsx';

/** The browsers in which one is signed in; each can be ended, and all at once. */
export function SignInsCard({ userId }: { userId: string }) {
  const { t } = useTranslation('account');
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const path = `/users/${userId}`;
  const list = useQuery({
    queryKey: ['sign-ins', userId],
    queryFn: ({ signal }) => get<{ items: SignIn[] }>(`${path}/sign-ins`, undefined, signal),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ['sign-ins', userId] });
  const end = useMutation({
    mutationFn: ({ id }: SignIn) => remove(`${path}/sign-ins/${id}`),
    onSuccess: (_, { device }) => {
      toast(t('signIns.ended', { device }));
      return refresh();
    },
  });
  const endOthers = useMutation({
    mutationFn: () => post(`${path}/sign-out`, undefined, { query: { others: true } }),
    onSuccess: () => {
      toast(t('signIns.othersDone'));
      return refresh();
    },
  });
  const items = list.data?.items ?? [];
  const actions = (
    <>
      {items.length > 1 && (
        <Button
          variant="default"
          size="compact-sm"
          h={26}
          loading={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {t('signIns.others')}
        </Button>
      )}
      <Button variant="subtle" color="bad" size="compact-sm" h={26} onClick={() => setAsking(true)}>
        {t('signIns.everywhere')}
      </Button>
    </>
  );
  const error = list.error ?? end.error ?? endOthers.error;
  return (
    <Card title={t('signIns.title')} note={t('signIns.note')} actions={actions} flush>
      {error && <ErrorPanel error={error} onRetry={() => void list.refetch()} />}
      {list.isPending && <SkeletonRows rows={2} />}
      {list.data && <SignInTable items={items} busy={end.isPending} onEnd={(item) => end.mutate(item)} />}
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('signIns.confirmTitle')}
        text={t('signIns.confirmText')}
        action={t('signIns.everywhere')}
        keep={t('signIns.keep')}
        onConfirm={() => post(`${path}/sign-out`).then(() => enter('/sign-in'))}
      />
    </Card>
  );
}
