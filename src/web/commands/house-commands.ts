import { IconHome, IconKeyboard, IconLogout, IconSearch, IconSun, IconUser } from '@tabler/icons-react';
import type { Role } from '../../contract/role.ts';
import { atLeast } from '../../contract/role.ts';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { sections } from '../shell/sections.ts';
import type { Command } from './command.ts';

/** What the house can do for its commands. */
export interface HouseActs {
  goTo(path: string): void;
  openPalette(): void;
  openKeys(): void;
  switchScheme(): void;
  signOut(): void;
}

/** The commands that are there on every page. */
export function houseCommands(t: Texts, role: Role, acts: HouseActs): Command[] {
  const places = sections.filter((section) => section.role === undefined || atLeast(role, section.role));
  const work = webCapabilities.flatMap(({ name, icon, nav }) => (nav ? [{ name, icon, nav }] : []));
  const go = (id: string, label: string, path: string, icon: Command['icon'], key?: string): Command => ({
    id: `go-${id}`,
    group: 'goto',
    label,
    ...(icon && { icon }),
    ...(key !== undefined && { keys: `g ${key.toLowerCase()}` }),
    run: () => acts.goTo(path),
  });
  return [
    ...(atLeast(role, 'member')
      ? work.map(({ name, icon, nav }): Command => ({
          id: `new-${name}`,
          group: 'do',
          label: nav.start(t),
          icon,
          keys: `n ${nav.newKey.toLowerCase()}`,
          run: () => acts.goTo(nav.path),
        }))
      : []),
    go('start', t('startPage'), '/', IconHome, 'H'),
    ...places.map(({ path, label, icon, key }) => go(path, label(t), path, icon, key)),
    ...work.map(({ name, icon, nav }) => go(name, nav.label(t), nav.path, icon, nav.key)),
    go('account', t('account'), '/account', IconUser, 'A'),
    {
      id: 'palette',
      group: 'settings',
      label: t('search'),
      icon: IconSearch,
      keys: 'Mod+k',
      hidden: true,
      run: acts.openPalette,
    },
    {
      id: 'keys',
      group: 'settings',
      label: t('keys.title'),
      icon: IconKeyboard,
      keys: '?',
      run: acts.openKeys,
    },
    { id: 'scheme', group: 'settings', label: t('switchScheme'), icon: IconSun, run: acts.switchScheme },
    { id: 'sign-out', group: 'settings', label: t('signOut'), icon: IconLogout, run: acts.signOut },
  ];
}
