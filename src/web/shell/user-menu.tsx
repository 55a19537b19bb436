import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/me.ts';
import classes from './user-menu.module.css';

/** Who is signed in; leads to the account. */
export function UserMenu({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  return (
    <Link to="/account" className={classes.user} aria-label={t('userMenu', { name: me.name })}>
      <span className={classes.initials} aria-hidden="true">
        {initialsOf(me.name)}
      </span>
      <span className="g-ellipsis">{me.name}</span>
    </Link>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
