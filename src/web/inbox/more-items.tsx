import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { pageSize, type useInbox } from './inbox-queries.ts';

/** Loads the next page, where there is one. */
export function MoreItems({ inbox }: { inbox: ReturnType<typeof useInbox> }) {
  const { t } = useTranslation('parts');
  if (!inbox.hasNextPage) return null;
  return (
    <Button
      variant="subtle"
      fullWidth
      loading={inbox.isFetchingNextPage}
      onClick={() => void inbox.fetchNextPage()}
    >
      {t('loadMore', { count: pageSize })}
    </Button>
  );
}
