import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/me.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { MasterKeyCard } from './master-key-card.tsx';
import { SecretDrawer } from './secret-drawer.tsx';
import { useSecrets } from './secret-queries.ts';
import { SecretTable } from './secret-table.tsx';

/** `/secrets`: which there are, who may use them, and when they were used; admins also change the master key. */
export default function SecretsPage() {
  const { t } = useTranslation('secrets');
  const [mayKeep, isAdmin] = [useMay('member'), useMay('admin')];
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useSecrets(mayKeep);
  const items = data?.items ?? [];
  const add = <Button onClick={() => setAdding(true)}>{t('add')}</Button>;
  if (!mayKeep) {
    return (
      <Page title={t('title')}>
        <EmptyState title={t('empty.viewerTitle')} text={t('empty.viewer')} />
      </Page>
    );
  }
  return (
    <Page title={t('title')} lead={t('lead')} actions={items.length > 0 ? add : undefined}>
      {!data && (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows />)}
      {data && items.length === 0 && (
        <Card>
          <EmptyState
            title={t('empty.title')}
            text={t('empty.text')}
            actions={add}
            command={isAdmin ? 'gantry secrets set NPM_TOKEN' : 'gantry secrets set NPM_TOKEN --mine'}
          />
        </Card>
      )}
      {items.length > 0 && (
        <Card title={t('title')} note={t('count', { count: items.length })} flush>
          <SecretTable secrets={items} />
        </Card>
      )}
      {isAdmin && <MasterKeyCard />}
      <SecretDrawer opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}
