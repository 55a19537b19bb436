import { IconBan, IconCheck, IconKey, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { shortTime } from '../format/time.ts';
import { StatusWord } from '../parts/status.tsx';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** Whether somebody can sign in, and if not, why. */
export function PersonState({ person }: { person: User }) {
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
