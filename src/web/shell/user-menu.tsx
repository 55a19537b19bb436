import { UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Me } from '../api/me.ts';
import { UserFace } from './user-face.tsx';
import classes from './user-menu.module.css';

const UserMenuList = lazy(() => import('./user-menu-list.tsx'));

/** Who is signed in; opens a menu, which is loaded when it is first wanted. */
export function UserMenu({ me }: { me: Me }) {
  const [wanted, setWanted] = useState(false);
  const face = (
    <UnstyledButton
      className={classes.user}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setWanted(true)}
    >
      <UserFace name={me.name} />
    </UnstyledButton>
  );
  return wanted ? (
    <Suspense fallback={face}>
      <UserMenuList me={me} opened />
    </Suspense>
  ) : (
    face
  );
}
