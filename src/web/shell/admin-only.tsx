import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../api/me.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Page } from '../parts/page.tsx';

/** Says to others that only admins see a page; the server refuses them too. */
export function AdminOnly() {
  const { t } = useTranslation('shell');
  const me = useMe();
  if (me === undefined) return null;
  if (me.role === 'admin') return <Outlet />;
  return (
    <Page title={t('adminOnly.title')}>
      <EmptyState title={t('adminOnly.title')} text={t('adminOnly.text', { role: me.role })} />
    </Page>
  );
}
