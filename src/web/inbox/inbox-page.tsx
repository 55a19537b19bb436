import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../contract/inbox.ts';
import { useInboxFeed } from '../live/inbox-feed.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { LiveWord } from '../parts/live-word.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { ArchiveEmpty, InboxEmpty } from './inbox-empty.tsx';
import { useArchive, useInbox } from './inbox-queries.ts';
import { ItemList } from './item-list.tsx';
import { ItemView } from './item-view.tsx';
import { KeyHints } from './key-hints.tsx';
import { MoreItems } from './more-items.tsx';
import { useInboxKeys } from './use-inbox-keys.ts';
import classes from './inbox-page.module.css';

/** `/inbox` and `/inbox/<item>`: what waits for the person and what happened, with the answer beside the list. */
export default function InboxPage() {
  const { t } = useTranslation('inbox');
  const { itemId } = useParams({ strict: false });
  const archived = (useSearch({ strict: false }) as { view?: unknown }).view === 'archived';
  const inbox = useInbox(archived);
  const { archive, restore, error } = useArchive();
  const { items } = inbox;
  const picked = itemId ?? items?.[0]?.id;
  useInboxKeys(items, itemId, archived, archive);
  return (
    <Page
      title={archived ? t('archived') : t('title')}
      lead={<Lead items={items} archived={archived} />}
      actions={<KeyHints />}
    >
      {error && <ErrorPanel error={error} />}
      {inbox.error && <ErrorPanel error={inbox.error} onRetry={() => void inbox.refetch()} />}
      {items === undefined && !inbox.error && <SkeletonRows rows={6} height={59} />}
      {items && picked === undefined && (archived ? <ArchiveEmpty /> : <InboxEmpty />)}
      {items && picked !== undefined && (
        <div className={classes.columns} data-picked={itemId !== undefined || undefined}>
          <div className={classes.list}>
            <ItemList
              items={items}
              picked={picked}
              archived={archived}
              onArchive={archive}
              more={<MoreItems inbox={inbox} />}
            />
          </div>
          <div className={classes.item}>
            <Link to="/inbox" className={classes.back} search={archived ? { view: 'archived' } : {}}>
              {t('back')}
            </Link>
            <ItemView
              key={picked}
              id={picked}
              onArchive={(item) => archive([item])}
              onRestore={(item) => restore([item.id])}
            />
          </div>
        </div>
      )}
    </Page>
  );
}

function Lead({ items, archived }: { items: readonly InboxItem[] | undefined; archived: boolean }) {
  const { t } = useTranslation('inbox');
  const feed = useInboxFeed();
  const listed = items?.filter(({ kind, resolution }) => kind === 'question' && resolution === null).length;
  const waiting = feed.waiting ?? listed;
  return (
    <>
      {waiting !== undefined && <span>{t('lead', { count: waiting })}</span>}
      <LiveWord state={feed.state} at={feed.at} />
      <Link to="/inbox" search={archived ? {} : { view: 'archived' }}>
        {archived ? t('showInbox') : t('showArchived')}
      </Link>
    </>
  );
}
