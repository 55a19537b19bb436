import { useTranslation } from 'react-i18next';
import { Brand } from './brand.tsx';
import { SchemeButton } from './scheme-button.tsx';
import classes from './top-bar.module.css';

/** Narrow screens: a nav, not a header, because a drawer brings a header of its own. */
export function TopBar() {
  const { t } = useTranslation('shell');
  return (
    <nav aria-label={t('topBar')} className={classes.bar}>
      <Brand />
      <SchemeButton />
    </nav>
  );
}
