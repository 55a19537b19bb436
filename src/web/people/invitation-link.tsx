import { useTranslation } from 'react-i18next';
import type { NewInvitation } from '../../contract/invitation.ts';
import { OncePanel } from '../parts/once-panel.tsx';

/** The link of an invitation, while it can still be seen. */
export function InvitationLink({ made, onDone }: { made: NewInvitation; onDone: () => void }) {
  const { t } = useTranslation(['people', 'account']);
  return (
    <OncePanel
      title={t('people:invite.linkTitle', { email: made.email })}
      text={t('people:invite.linkText', { role: t(`account:roles.${made.role}`) })}
      lines={[
        { label: t('people:invite.link'), text: location.origin + made.path, copy: t('people:invite.copy') },
      ]}
      done={t('people:invite.done')}
      onDone={onDone}
    />
  );
}
