import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../contract/inbox.ts';

interface ItemActionsProps {
  readonly item: InboxItem;
  readonly onArchive: (item: InboxItem) => void;
  readonly onRestore: (item: InboxItem) => void;
}

/** Puts the item away, or brings it back. */
export function ItemActions({ item, onArchive, onRestore }: ItemActionsProps) {
  const { t } = useTranslation('inbox');
  if (item.archivedAt !== null) {
    return (
      <Button variant="default" onClick={() => onRestore(item)}>
        {t('restore')}
      </Button>
    );
  }
  if (item.kind === 'question' && item.resolution !== null) return null;
  return (
    <Button variant={item.kind === 'question' ? 'subtle' : 'default'} onClick={() => onArchive(item)}>
      {t('archive')}
    </Button>
  );
}
