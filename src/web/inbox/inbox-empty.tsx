import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../parts/empty-state.tsx';

/** Nothing waits: says what would, and how to be told of it. */
export function InboxEmpty() {
  const { t } = useTranslation('inbox');
  const actions = (
    <>
      <Button component={Link} to="/account/notifications">
        {t('empty.notify')}
      </Button>
      <Button component={Link} to="/runs" variant="default">
        {t('empty.runs')}
      </Button>
    </>
  );
  return (
    <EmptyState
      title={t('empty.title')}
      text={t('empty.text')}
      actions={actions}
      command={t('empty.command')}
    />
  );
}

/** Nothing was put away yet. */
export function ArchiveEmpty() {
  const { t } = useTranslation('inbox');
  return <EmptyState title={t('emptyArchive.title')} text={t('emptyArchive.text')} />;
}
