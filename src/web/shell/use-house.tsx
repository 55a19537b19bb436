import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/me.ts';
import { houseCommands } from '../commands/house-commands.ts';
import { listenToKeys } from '../commands/keyboard.ts';
import { useCommands } from '../commands/registry.ts';
import type { Texts } from '../locales/texts.ts';
import { useScheme } from './use-scheme.ts';
import { signOut } from './sign-out.ts';

export type Overlay = 'palette' | 'keys' | null;

/** Offers the commands that every page has, and says which overlay they have opened. */
export function useHouse(me: Me) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const navigate = useNavigate();
  const { switchScheme } = useScheme();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const commands = useMemo(
    () =>
      houseCommands(t, me.role, {
        goTo: (path) => void navigate({ to: path }),
        openPalette: () => setOverlay('palette'),
        openKeys: () => setOverlay('keys'),
        switchScheme,
        signOut: () => void signOut(),
      }),
    [t, me.role, navigate, switchScheme],
  );
  useCommands(commands);
  useEffect(listenToKeys, []);
  return { overlay, setOverlay };
}
