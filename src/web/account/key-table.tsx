import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../contract/api-key.ts';
import { remove } from '../api/client.ts';
import { shortTime, exactTime } from '../format/time.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { Ago } from '../parts/ago.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Table } from '../parts/table.tsx';
import { toast } from '../parts/toast.ts';
import classes from './account.module.css';

/** The keys of one user, without their text. */
export function KeyTable({ items, userId }: { items: readonly ApiKey[]; userId: string }) {
  const { t } = useTranslation('account');
  const [revoking, setRevoking] = useState<ApiKey>();
  const queries = useQueryClient();
  const revoke = async ({ id, name }: ApiKey) => {
    await remove(`/keys/${id}`);
    toast(t('keys.revoked', { name }));
    await queries.invalidateQueries({ queryKey: ['keys', userId] });
  };
  const head = (
    <tr>
      <th>{t('keys.name')}</th>
      <th>{t('keys.role')}</th>
      <th>{t('keys.created')}</th>
      <th>{t('keys.used')}</th>
      <th>{t('keys.ends')}</th>
      <ActionsHead name={t('actions')} />
    </tr>
  );
  return (
    <>
      <Table name={t('keys.title')} head={head} folds>
        {items.map((item) => (
          <KeyRow key={item.id} item={item} onRevoke={() => setRevoking(item)} />
        ))}
      </Table>
      {revoking && (
        <Confirm
          opened
          onClose={() => setRevoking(undefined)}
          title={t('keys.revokeTitle', { name: revoking.name })}
          text={t('keys.revokeText')}
          action={t('keys.revoke')}
          keep={t('keys.revokeKeep')}
          onConfirm={() => revoke(revoking)}
        />
      )}
    </>
  );
}

function KeyRow({ item, onRevoke }: { item: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation('account');
  return (
    <tr>
      <td className={classes.name} title={item.name}>
        {item.name}
      </td>
      <td data-label={t('keys.role')}>{t(`roles.${item.role}`)}</td>
      <td data-label={t('keys.created')}>
        <Ago at={item.createdAt} />
      </td>
      <td data-label={t('keys.used')}>
        {item.lastUsedAt === null ? t('keys.never') : <Ago at={item.lastUsedAt} />}
      </td>
      <td data-label={t('keys.ends')}>{endOf(item.expiresAt, t('keys.never'), t('keys.ended'))}</td>
      <td data-actions="">
        <Button
          variant="subtle"
          color="bad"
          size="compact-sm"
          aria-label={t('keys.revokeOf', { name: item.name })}
          onClick={onRevoke}
        >
          {t('keys.revoke')}
        </Button>
      </td>
    </tr>
  );
}

function endOf(at: string | null, never: string, ended: string) {
  if (at === null) return never;
  if (Date.parse(at) <= Date.now()) return ended;
  return (
    <time dateTime={at} title={exactTime(at)}>
      {shortTime(at)}
    </time>
  );
}
