import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../parts/empty-state.tsx';
import { Page } from '../parts/page.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation('shell');
  const action = (
    <Button component={Link} to="/">
      {t('notFound.action')}
    </Button>
  );
  return (
    <Page title={t('notFound.title')}>
      <EmptyState title={t('notFound.title')} text={t('notFound.text')} actions={action} />
    </Page>
  );
}
