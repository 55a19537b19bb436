import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { atLeast } from '../../contract/role.ts';
import type { Me } from '../api/me.ts';
import { NewRunButton } from './new-run-button.tsx';
import classes from './new-run.module.css';

const NewRunMenu = lazy(() => import('./new-run-menu.tsx'));

/** Starts work of any kind. A viewer is told why it is off. The menu comes after the first paint. */
export function NewRun({ me, small = false }: { me: Me; small?: boolean }) {
  const { t } = useTranslation('shell');
  if (!atLeast(me.role, 'member')) return small ? null : <p className={classes.note}>{t('viewersRead')}</p>;
  return (
    <Suspense fallback={<NewRunButton small={small} />}>
      <NewRunMenu small={small} />
    </Suspense>
  );
}
