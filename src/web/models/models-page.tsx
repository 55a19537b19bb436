import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Models } from '../../contract/model.ts';
import { useMay } from '../api/me.ts';
import { shortTime } from '../format/time.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { ModelTable } from './model-table.tsx';
import { ProvidersCard } from './providers-card.tsx';
import { useModels } from './model-queries.ts';
import classes from './models.module.css';

/** `/models`: which providers are set up, which models there are, what they cost and how they do. */
export default function ModelsPage() {
  const { t } = useTranslation('models');
  const isAdmin = useMay('admin');
  const { data, error, refetch } = useModels();
  if (!data) {
    return (
      <Page title={t('title')}>
        {error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows />}
      </Page>
    );
  }
  const nothing = !data.providers.some(({ configured }) => configured) && data.items.length === 0;
  return (
    <Page title={t('title')} lead={t('lead', { since: shortTime(`${data.since}T00:00:00Z`) })}>
      {nothing ? (
        <Card>
          <EmptyState
            title={t('empty.title')}
            text={isAdmin ? t('empty.text') : t('empty.member')}
            {...(isAdmin && { actions: <SetUp />, command: 'gantry secrets set ANTHROPIC_API_KEY' })}
          />
        </Card>
      ) : (
        <Card title={t('list.title')} note={<Default models={data} />} flush>
          {data.items.length === 0 ? (
            <p className={classes.empty}>
              {t('list.none')} {isAdmin && <Link to="/system/settings">{t('empty.choose')}</Link>}
            </p>
          ) : (
            <ModelTable models={data.items} />
          )}
        </Card>
      )}
      <ProvidersCard providers={data.providers} />
    </Page>
  );
}

function SetUp() {
  const { t } = useTranslation('models');
  return (
    <>
      <Button component={Link} to="/secrets">
        {t('empty.key')}
      </Button>
      <Button component={Link} to="/system/settings" variant="default">
        {t('empty.choose')}
      </Button>
    </>
  );
}

function Default({ models }: { models: Models }) {
  const { t } = useTranslation('models');
  const isAdmin = useMay('admin');
  const words = [
    models.default === null
      ? t(isAdmin ? 'noDefault' : 'noDefaultMember')
      : t('default', { model: inert(models.default) }),
    ...(models.fallbacks.length > 0 ? [t('fallbacks', { models: inert(models.fallbacks.join(', ')) })] : []),
    ...(models.restricted ? [t('restricted')] : []),
  ];
  return <>{words.join(' · ')}</>;
}
