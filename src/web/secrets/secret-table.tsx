import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Secret } from '../../contract/secret.ts';
import { remove } from '../api/client.ts';
import { useNames } from '../api/names.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Table } from '../parts/table.tsx';
import { toast } from '../parts/toast.ts';
import { GrantsDrawer } from './grants-drawer.tsx';
import { SecretDrawer } from './secret-drawer.tsx';
import { keyOf, secretPath } from './secret-queries.ts';
import { SecretRow, type SecretAct } from './secret-row.tsx';

/** Every secret, and what can be done with it. */
export function SecretTable({ secrets }: { secrets: readonly Secret[] }) {
  const { t } = useTranslation('secrets');
  const queries = useQueryClient();
  const [asked, setAsked] = useState<{ act: SecretAct; secret: Secret }>();
  const owners = secrets.filter(({ scope }) => scope === 'user').map(({ owner }) => owner);
  const nameOf = useNames(owners);
  const close = () => setAsked(undefined);
  const shown = asked && (secrets.find((each) => keyOf(each) === keyOf(asked.secret)) ?? asked.secret);
  const confirm = async (secret: Secret) => {
    await remove(secretPath(secret));
    toast(t('removed', { name: secret.name }));
    await queries.invalidateQueries({ queryKey: ['secrets'] });
  };
  const head = (
    <tr>
      <th>{t('name')}</th>
      <th>{t('of')}</th>
      <th>{t('usedBy')}</th>
      <th>{t('used')}</th>
      <th>{t('changed')}</th>
      <ActionsHead name={t('actions')} />
    </tr>
  );
  return (
    <>
      <Table name={t('title')} head={head} folds>
        {secrets.map((secret) => (
          <SecretRow
            key={keyOf(secret)}
            secret={secret}
            nameOf={nameOf}
            onAsk={(act) => setAsked({ act, secret })}
          />
        ))}
      </Table>
      <SecretDrawer
        opened={asked?.act === 'replace'}
        onClose={close}
        {...(asked?.act === 'replace' && { secret: asked.secret })}
      />
      <GrantsDrawer secret={asked?.act === 'grant' ? shown : undefined} onClose={close} />
      {asked?.act === 'remove' && (
        <Confirm
          opened
          onClose={close}
          title={t('removeTitle', { name: asked.secret.name })}
          text={t('removeText')}
          action={t('remove')}
          keep={t('removeKeep')}
          onConfirm={() => confirm(asked.secret)}
        />
      )}
    </>
  );
}
