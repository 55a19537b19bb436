import { useTranslation } from 'react-i18next';
import type { Me } from '../api/me.ts';
import { webCapabilities } from '../capabilities.ts';
import { NewRun } from './new-run.tsx';
import { LiveNow } from './live-now.tsx';
import { NavItem } from './nav-item.tsx';
import { SearchButton } from './search-button.tsx';
import { SchemeButton } from './scheme-button.tsx';
import { sections } from './sections.ts';
import classes from './sidebar.module.css';
import { Brand } from './brand.tsx';
import { atLeast } from '../../contract/role.ts';
import { UserMenu } from './user-menu.tsx';

/** Where everything is, on wide screens. */
export function Sidebar({ me, onSearch }: { me: Me; onSearch: () => void }) {
  const { t } = useTranslation('shell');
  const visible = sections.filter(({ role }) => role === undefined || atLeast(me.role, role));
  const first = visible.filter(({ group }) => group === 'first');
  const operate = visible.filter(({ group }) => group === 'operate');
  return (
    <nav aria-label={t('main')} className={classes.sidebar}>
      <Brand />
      <NewRun me={me} />
      <SearchButton onSearch={onSearch} />
      <div className={classes.nav}>
        <div className={classes.group}>
          {first.map(({ path, icon, label, Count }) => (
            <NavItem key={path} to={path} icon={icon} label={label(t)} aside={Count && <Count />} />
          ))}
        </div>
        <p className={classes.heading}>{t('work')}</p>
        <div className={classes.group}>
          {webCapabilities.map(
            ({ name, icon, nav }) =>
              nav && <NavItem key={name} to={nav.path} icon={icon} label={nav.label(t)} />,
          )}
        </div>
        {operate.length > 0 && <p className={classes.heading}>{t('operate')}</p>}
        <div className={classes.group}>
          {operate.map(({ path, icon, label }) => (
            <NavItem key={path} to={path} icon={icon} label={label(t)} />
          ))}
        </div>
        <LiveNow />
      </div>
      <div className={classes.foot}>
        <UserMenu me={me} />
        <SchemeButton />
      </div>
    </nav>
  );
}
