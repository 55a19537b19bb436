import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invitation, NewInvitation } from '../../contract/invitation.ts';
import { get, post, remove } from '../api/client.ts';
import { shortTime } from '../format/time.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { Ago } from '../parts/ago.tsx';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Table } from '../parts/table.tsx';
import { toast } from '../parts/toast.ts';
import { InvitationLink } from './invitation-link.tsx';
import { InvitationState } from './invitation-state.tsx';
import classes from './people.module.css';

/** What became of each invitation of the last month. */
export function InvitationsCard() {
  const { t } = useTranslation(['people', 'account']);
  const queries = useQueryClient();
  const [made, setMade] = useState<NewInvitation>();
  const list = useQuery({
    queryKey: ['invitations'],
    queryFn: ({ signal }) => get<{ items: Invitation[] }>('/invitations', { limit: 200 }, signal),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ['invitations'] });
  const renew = useMutation({
    mutationFn: ({ id }: Invitation) => post<NewInvitation>(`/invitations/${id}/link`),
    onSuccess: (invitation) => {
      setMade(invitation);
      return refresh();
    },
  });
  const revoke = useMutation({
    mutationFn: ({ id }: Invitation) => remove(`/invitations/${id}`),
    onSuccess: (_, { email }) => {
      toast(t('people:invitations.takenBack', { email }));
      return refresh();
    },
  });
  const items = (list.data?.items ?? []).toReversed();
  const error = list.error ?? renew.error ?? revoke.error;
  const head = (
    <tr>
      <th>{t('people:invitations.email')}</th>
      <th>{t('people:role')}</th>
      <th>{t('people:state')}</th>
      <th>{t('people:invitations.by')}</th>
      <th>{t('people:invitations.made')}</th>
      <th>{t('people:invitations.ends')}</th>
      <ActionsHead name={t('people:more')} />
    </tr>
  );
  return (
    <Card title={t('people:invitations.title')} flush>
      {made && <InvitationLink made={made} onDone={() => setMade(undefined)} />}
      {error && <ErrorPanel error={error} />}
      {list.data && items.length === 0 && (
        <p className={`${classes.note} ${classes.pad}`}>{t('people:invitations.none')}</p>
      )}
      {items.length > 0 && (
        <Table name={t('people:invitations.title')} head={head} folds>
          {items.map((item) => (
            <InvitationRow
              key={item.id}
              item={item}
              onRenew={() => renew.mutate(item)}
              onRevoke={() => revoke.mutate(item)}
            />
          ))}
        </Table>
      )}
    </Card>
  );
}

interface InvitationRowProps {
  readonly item: Invitation;
  readonly onRenew: () => void;
  readonly onRevoke: () => void;
}

function InvitationRow({ item, onRenew, onRevoke }: InvitationRowProps) {
  const { t } = useTranslation(['people', 'account']);
  const { email } = item;
  return (
    <tr>
      <td className={classes.person}>
        <div className={classes.name} title={email}>
          {email}
        </div>
      </td>
      <td data-label={t('people:role')}>{t(`account:roles.${item.role}`)}</td>
      <td data-label={t('people:state')}>
        <InvitationState state={item.state} />
      </td>
      <td data-label={t('people:invitations.by')}>
        <bdi>{item.invitedBy ?? '–'}</bdi>
      </td>
      <td data-label={t('people:invitations.made')}>
        <Ago at={item.createdAt} />
      </td>
      <td data-label={t('people:invitations.ends')}>
        {item.state === 'open' ? <time dateTime={item.expiresAt}>{shortTime(item.expiresAt)}</time> : '–'}
      </td>
      <td data-actions="">
        {item.state !== 'accepted' && (
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('people:invitations.renewOf', { email })}
            onClick={onRenew}
          >
            {t('people:invitations.renew')}
          </Button>
        )}
        {(item.state === 'open' || item.state === 'expired') && (
          <Button
            variant="subtle"
            color="bad"
            size="compact-sm"
            aria-label={t('people:invitations.revokeOf', { email })}
            onClick={onRevoke}
          >
            {t('people:invitations.revoke')}
          </Button>
        )}
      </td>
    </tr>
  );
}
