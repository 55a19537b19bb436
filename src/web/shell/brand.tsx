import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Logo } from '../parts/logo.tsx';
import classes from './brand.module.css';

/** Logo and name; leads to the start page. */
export function Brand() {
  const { t } = useTranslation('shell');
  return (
    <Link to="/" className={classes.brand}>
      <Logo />
      {t('product')}
    </Link>
  );
}
