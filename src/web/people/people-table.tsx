import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { useMe } from '../api/me.ts';
import { ActionsHead } from '../parts/actions-head.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Table } from '../parts/table.tsx';
import { PersonDialog, type Asked } from './person-dialog.tsx';
import { PersonRow } from './person-row.tsx';

/** Everybody with role, state and what can be done. The last admin keeps role and account. */
export function PeopleTable({ people }: { people: readonly User[] }) {
  const { t } = useTranslation('people');
  const me = useMe();
  const [asked, setAsked] = useState<Asked>();
  const [error, setError] = useState<unknown>();
  const admins = people.filter(({ role, disabled }) => role === 'admin' && !disabled);
  const head = (
    <tr>
      <th>{t('name')}</th>
      <th>{t('role')}</th>
      <th>{t('state')}</th>
      <th>{t('seen')}</th>
      <th data-number="">{t('signIns')}</th>
      <th data-number="">{t('keys')}</th>
      <ActionsHead name={t('more')} />
    </tr>
  );
  return (
    <>
      {error !== undefined && <ErrorPanel error={error} />}
      <Table name={t('users')} head={head} folds>
        {people.map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            own={person.id === me?.userId}
            lastAdmin={admins.length === 1 && admins[0]?.id === person.id}
            onAsk={(what) => setAsked({ what, person })}
            onError={setError}
          />
        ))}
      </Table>
      {asked && <PersonDialog asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
