import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/me.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { ConnectDrawer } from './connect-drawer.tsx';
import { GitHubAppCard } from './github-app-card.tsx';
import { useRepositories } from './repository-queries.ts';
import { RepositoryTable } from './repository-table.tsx';

/** `/repositories`: what runs may work on, whether it can be reached, and how Gantry gets in. */
export default function RepositoriesPage() {
  const { t } = useTranslation('repositories');
  const mayConnect = useMay('admin');
  const [connecting, setConnecting] = useState(false);
  const { data, error, refetch } = useRepositories();
  const items = data?.items;
  const connect = <Button onClick={() => setConnecting(true)}>{t('connect')}</Button>;
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={mayConnect && items !== undefined && items.length > 0 ? connect : undefined}
    >
      {items === undefined &&
        (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows />)}
      {items?.length === 0 && (
        <Card>
          <EmptyState
            title={t('empty.title')}
            text={mayConnect ? t('empty.text') : t('empty.member')}
            {...(mayConnect && { actions: connect, command: 'gantry repos add acme/shop' })}
          />
        </Card>
      )}
      {items !== undefined && items.length > 0 && (
        <Card
          title={t('title')}
          note={mayConnect ? t('count', { count: items.length }) : t('askAdmin')}
          flush
        >
          <RepositoryTable repositories={items} />
        </Card>
      )}
      {mayConnect && <GitHubAppCard />}
      <ConnectDrawer opened={connecting} onClose={() => setConnecting(false)} />
    </Page>
  );
}
