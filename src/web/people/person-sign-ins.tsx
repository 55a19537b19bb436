import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SignIn } from '../../contract/sign-in.ts';
import { SignInTable } from '../account/sign-in-table.tsx';
import { get, remove } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { toast } from '../parts/toast.ts';
import classes from './people.module.css';

/** The browsers of somebody else, for admins. */
export function PersonSignIns({ userId }: { userId: string }) {
  const { t } = useTranslation(['people', 'account']);
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ['sign-ins', userId],
    queryFn: ({ signal }) => get<{ items: SignIn[] }>(`/users/${userId}/sign-ins`, undefined, signal),
  });
  const end = useMutation({
    mutationFn: ({ id }: SignIn) => remove(`/users/${userId}/sign-ins/${id}`),
    onSuccess: (_, { device }) => {
      toast(t('account:signIns.ended', { device }));
      return queries.invalidateQueries({ queryKey: ['sign-ins', userId] });
    },
  });
  const error = list.error ?? end.error;
  const items = list.data?.items ?? [];
  return (
    <Card title={t('account:signIns.title')} flush>
      {error && <ErrorPanel error={error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && (
        <p className={`${classes.note} ${classes.pad}`}>{t('people:noSignIns')}</p>
      )}
      {items.length > 0 && (
        <SignInTable items={items} busy={end.isPending} onEnd={(item) => end.mutate(item)} />
      )}
    </Card>
  );
}
