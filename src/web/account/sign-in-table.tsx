import { Badge, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SignIn } from '../../contract/sign-in.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { Ago } from '../parts/ago.tsx';
import { Table } from '../parts/table.tsx';
import classes from './account.module.css';

interface SignInTableProps {
  readonly items: readonly SignIn[];
  readonly busy: boolean;
  readonly onEnd: (signIn: SignIn) => void;
}

/** Each browser with where and when; the one that is looked at is marked and not ended here. */
export function SignInTable({ items, busy, onEnd }: SignInTableProps) {
  const { t } = useTranslation('account');
  const head = (
    <tr>
      <th>{t('signIns.device')}</th>
      <th>{t('signIns.address')}</th>
      <th>{t('signIns.since')}</th>
      <th>{t('signIns.seen')}</th>
      <ActionsHead name={t('actions')} />
    </tr>
  );
  return (
    <Table name={t('signIns.title')} head={head} folds>
      {items.map((item) => (
        <tr key={item.id}>
          <td className={classes.name}>{item.device}</td>
          <td data-label={t('signIns.address')} className="g-mono">
            {item.address ?? '–'}
          </td>
          <td data-label={t('signIns.since')}>
            <Ago at={item.createdAt} />
          </td>
          <td data-label={t('signIns.seen')}>
            <Ago at={item.lastSeenAt} />
          </td>
          <td data-actions="">
            {item.current ? (
              <Badge>{t('signIns.this')}</Badge>
            ) : (
              <Button
                variant="subtle"
                color="bad"
                size="compact-sm"
                disabled={busy}
                aria-label={t('signIns.endOf', { device: item.device })}
                onClick={() => onEnd(item)}
              >
                {t('signIns.end')}
              </Button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
