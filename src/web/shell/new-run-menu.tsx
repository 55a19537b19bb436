import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { webCapabilities } from '../capabilities.ts';
import { Key } from '../parts/key.tsx';
import { NewRunButton } from './new-run-button.tsx';
import type { Texts } from '../locales/texts.ts';

/** The menu of what can be started, on its button. */
export default function NewRunMenu({ small = false }: { small?: boolean }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  return (
    <Menu position="bottom-start" width={small ? 240 : 'target'}>
      <Menu.Target>
        <NewRunButton small={small} />
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
