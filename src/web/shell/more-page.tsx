import { useTranslation } from 'react-i18next';
import { atLeast } from '../../contract/role.ts';
import { useMe } from '../api/me.ts';
import { webCapabilities } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';
import { Card } from '../parts/card.tsx';
import { Page } from '../parts/page.tsx';
import { NavItem } from './nav-item.tsx';
import { SchemeButton } from './scheme-button.tsx';
import { sections } from './sections.ts';
import { UserMenu } from './user-menu.tsx';

/** Narrow screens: all places that the bottom bar has no room for. */
export default function MorePage() {
  const { t } = useTranslation() as unknown as { t: Texts };
  const me = useMe();
  if (me === undefined) return null;
  const places = sections.filter(({ role }) => role === undefined || atLeast(me.role, role));
  return (
    <Page title={t('more')} width="reading" actions={<SchemeButton />}>
      <Card>
        {places.map(({ path, icon, label }) => (
          <NavItem key={path} to={path} icon={icon} label={label(t)} />
        ))}
        {webCapabilities.map(
          ({ name, icon, nav }) =>
            nav && <NavItem key={name} to={nav.path} icon={icon} label={nav.label(t)} />,
        )}
      </Card>
      <Card>
        <UserMenu me={me} />
      </Card>
    </Page>
  );
}
