import { Badge } from '@mantine/core';
import { IconBan, IconCheck, IconKey, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { shortTime } from '../format/time.ts';
import { Ago } from '../parts/ago.tsx';
import { StatusWord } from '../parts/status.tsx';
import classes from './people.module.css';
import { PersonActions } from './person-actions.tsx';
import type { Question } from './person-dialog.tsx';
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
          <bdi>{person.name}</bdi> {own && <Badge ml={4}>{t('you')}</Badge>}
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

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

function PersonState({ person }: { person: User }) {
  const { t } = useTranslation('people');
  if (person.disabled) {
    return (
      <StatusWord tone="bad" icon={<IconBan {...icon} />}>
        {t('states.disabled')}
      </StatusWord>
    );
  }
  if (person.lockedUntil !== null) {
    return (
      <StatusWord tone="bad" icon={<IconLock {...icon} />}>
        {t('states.locked', { time: shortTime(person.lockedUntil) })}
      </StatusWord>
    );
  }
  const complete = person.hasPassword;
  return (
    <StatusWord
      tone={complete ? 'ok' : 'idle'}
      icon={complete ? <IconCheck {...icon} /> : <IconKey {...icon} />}
    >
      {t(complete ? 'states.active' : 'states.noPassword')}
    </StatusWord>
  );
}
