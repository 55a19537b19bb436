import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../contract/inbox.ts';
import { ItemRow } from './item-row.tsx';
import classes from './item-list.module.css';

interface ItemListProps {
  readonly items: readonly InboxItem[];
  readonly picked: string | undefined;
  readonly archived: boolean;
  readonly onArchive: (items: readonly InboxItem[]) => void;
  /** Loads more, below the rows. */
  readonly more: ReactNode;
}

/** What waits, then what is for information; each row leads to its item. */
export function ItemList({ items, picked, archived, onArchive, more }: ItemListProps) {
  const { t } = useTranslation('inbox');
  const waits = (item: InboxItem) => item.kind === 'question' && item.resolution === null;
  const waiting = archived ? [] : items.filter(waits);
  const rest = archived ? items : items.filter((item) => !waits(item));
  const section = (name: string, rows: readonly InboxItem[], action?: ReactNode) =>
    rows.length > 0 && (
      <section aria-label={name}>
        <div className={classes.heading}>
          <h2>{name}</h2>
          {action}
        </div>
        <ul className={classes.rows}>
          {rows.map((item) => (
            <ItemRow key={item.id} item={item} picked={item.id === picked} archived={archived} />
          ))}
        </ul>
      </section>
    );
  return (
    <div className={classes.list}>
      {section(t('waiting'), waiting)}
      {section(
        archived ? t('archived') : t('information'),
        rest,
        !archived && (
          <Button variant="subtle" size="compact-xs" onClick={() => onArchive(rest)}>
            {t('clear')}
          </Button>
        ),
      )}
      {more}
    </div>
  );
}
