import { Menu, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUser, IconUsers } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/me.ts';
import { menuPlace } from './menu-place.ts';
import { signOut } from './sign-out.ts';
import { UserFace } from './user-face.tsx';
import classes from './user-menu.module.css';

const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Account, people (for admins), and the way out. */
export default function UserMenuList({ me, opened }: { me: Me; opened: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <Menu position="top-start" width={212} defaultOpened={opened} portalProps={menuPlace}>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <UserFace name={me.name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser {...icon} />}>
          {t('account')}
        </Menu.Item>
        {me.role === 'admin' && (
          <Menu.Item component={Link} to="/people" leftSection={<IconUsers {...icon} />}>
            {t('people')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={() => void signOut()}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
