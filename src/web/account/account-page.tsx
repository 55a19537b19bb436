import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/me.ts';
import { Page } from '../parts/page.tsx';
import { signOut } from '../shell/sign-out.ts';
import { AppearanceCard } from './appearance-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { ProfileCard } from './profile-card.tsx';
import { SignInsCard } from './sign-ins-card.tsx';

/** `/account`: who one is here, how one signs in, and the keys of one's programs. */
export default function AccountPage() {
  const { t } = useTranslation('account');
  const user = useMe()?.user;
  const actions = (
    <>
      <Button component={Link} to="/account/notifications" variant="default">
        {t('notifications')}
      </Button>
      <Button variant="default" onClick={() => void signOut()}>
        {t('signOut')}
      </Button>
    </>
  );
  return (
    <Page title={t('title')} lead={t('lead')} width="reading" actions={actions}>
      {user && (
        <>
          <ProfileCard key={user.id} user={user} />
          <PasswordCard user={user} />
          <SignInsCard userId={user.id} />
          <KeysCard user={user} />
          <AppearanceCard />
        </>
      )}
    </Page>
  );
}
