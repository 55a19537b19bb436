import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { Ago } from '../parts/ago.tsx';
import classes from './people.module.css';
import { PersonActions } from './person-actions.tsx';
import type { Question } from './person-dialog.tsx';
import { PersonState } from './person-state.tsx';
import { RoleSelect } from './role-select.tsx';

interface PersonRowProps {
  readonly person: User;
  readonly own: boolean;
  readonly lastAdmin: boolean;
  readonly onAsk: (what: Question) => void;
  readonly onError: (error: unknown) => void;
}

export function PersonRow({ person, own, lastAdmin, onAsk, onError }: PersonRowProps) {
  const { t } = useTranslation('people');
  return (
    <tr>
      <td className={classes.person}>
        <div className={classes.name} title={person.name}>
          <Link to={`/people/${person.id}`}>
            <bdi>{person.name}</bdi>
          </Link>{' '}
          {own && <Badge ml={4}>{t('you')}</Badge>}
        </div>
        <div className={classes.email} title={person.email}>
          {person.email}
        </div>
      </td>
      <td>
        <RoleSelect person={person} own={own} lastAdmin={lastAdmin} onError={onError} />
      </td>
      <td data-label={t('state')}>
        <PersonState person={person} />
      </td>
      <td data-label={t('seen')}>
        {person.lastSeenAt === null ? t('neverSeen') : <Ago at={person.lastSeenAt} />}
      </td>
      <td data-label={t('signIns')} data-number="">
        {person.signIns}
      </td>
      <td data-label={t('keys')} data-number="">
        {person.keys}
      </td>
      <td data-actions="">
        <PersonActions person={person} lastAdmin={lastAdmin} onAsk={onAsk} onError={onError} />
      </td>
    </tr>
  );
}
