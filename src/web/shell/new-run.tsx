import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { atLeast } from '../../contract/role.ts';
import type { Me } from '../api/me.ts';
import { webCapabilities } from '../capabilities.ts';
import { Key } from '../parts/key.tsx';
import classes from './new-run.module.css';
import type { Texts } from '../locales/texts.ts';

/** Starts work of any kind. A viewer is told why it is off. */
export function NewRun({ me, small = false }: { me: Me; small?: boolean }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  if (!atLeast(me.role, 'member')) return small ? null : <p className={classes.note}>{t('viewersRead')}</p>;
  return (
    <Menu position="bottom-start" width={small ? 240 : 'target'}>
      <Menu.Target>
        {small ? (
          <ActionIcon size={36} aria-label={t('newRun')}>
            <IconPlus size={18} stroke={1.75} aria-hidden="true" />
          </ActionIcon>
        ) : (
          <Button
            fullWidth
            justify="flex-start"
            h={32}
            leftSection={<IconPlus size={16} stroke={1.75} aria-hidden="true" />}
          >
            {t('newRun')}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown aria-label={t('newIn')}>
        {webCapabilities.map(
          ({ name, icon: Icon, nav }) =>
            nav && (
              <Menu.Item
                key={name}
                component={Link}
                to={nav.path}
                leftSection={<Icon size={16} stroke={1.75} aria-hidden="true" />}
                rightSection={<Key>{`N ${nav.newKey}`}</Key>}
              >
                {nav.label(t)}
              </Menu.Item>
            ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
