import { IconBan, IconCheck, IconClockHour4, IconMail } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Invitation } from '../../contract/invitation.ts';
import { StatusWord } from '../parts/status.tsx';

const icons = { open: IconMail, accepted: IconCheck, revoked: IconBan, expired: IconClockHour4 };

export function InvitationState({ state }: { state: Invitation['state'] }) {
  const { t } = useTranslation('people');
  const Icon = icons[state];
  return (
    <StatusWord
      tone={state === 'accepted' ? 'ok' : 'idle'}
      icon={<Icon size={14} stroke={2.1} aria-hidden="true" />}
    >
      {t(`invitations.${state}`)}
    </StatusWord>
  );
}
