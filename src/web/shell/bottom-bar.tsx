import { Link } from '@tanstack/react-router';
import { IconMenu2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { webCapabilities } from '../capabilities.ts';
import classes from './bottom-bar.module.css';
import { sections } from './sections.ts';

/** Narrow screens: the places that are gone to most, and the rest behind "More". */
export function BottomBar() {
  const { t } = useTranslation('shell');
  const first = sections.filter(({ group }) => group === 'first').slice(0, 2);
  const work = webCapabilities.filter(({ nav }) => nav !== undefined).slice(0, 2);
  const items = [
    ...first.map(({ path, icon, label, Count }) => ({ path, icon, label: label(t), Count })),
    ...work.flatMap(({ icon, nav }) =>
      nav ? [{ path: nav.path, icon, label: nav.label(t), Count: undefined }] : [],
    ),
    { path: '/more', icon: IconMenu2, label: t('more'), Count: undefined },
  ];
  return (
    <nav aria-label={t('bottomBar')} className={classes.bar}>
      {items.map(({ path, icon: Icon, label, Count }) => (
        <Link
          key={path}
          to={path}
          className={classes.item}
          activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        >
          <Icon size={20} stroke={1.75} aria-hidden="true" />
          {label}
          {Count && (
            <span className={classes.count}>
              <Count />
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
