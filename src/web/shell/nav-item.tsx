import type { Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './nav-item.module.css';

interface NavItemProps {
  readonly to: string;
  readonly icon: Icon;
  readonly label: string;
  /** A count or a key, at the right. */
  readonly aside?: ReactNode;
}

/** A line of the sidebar. */
export function NavItem({ to, icon: Icon, label, aside }: NavItemProps) {
  return (
    <Link to={to} className={classes.item} activeProps={{ 'data-active': true, 'aria-current': 'page' }}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <span className={classes.label}>{label}</span>
      {aside}
    </Link>
  );
}
