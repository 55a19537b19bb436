import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { inert } from '../../base/inert.ts';
import type { InboxItem } from '../../contract/inbox.ts';
import { ApiError } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { QuestionPanel } from '../parts/question-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { useItem } from './inbox-queries.ts';
import { ItemActions } from './item-actions.tsx';
import { Information } from './information.tsx';
import classes from './inbox-page.module.css';

interface ItemViewProps {
  readonly id: string;
  readonly onArchive: (item: InboxItem) => void;
  readonly onRestore: (item: InboxItem) => void;
}

/** One item in full: the question with its answers, or what happened and what to do about it. */
export function ItemView({ id, onArchive, onRestore }: ItemViewProps) {
  const { t } = useTranslation('inbox');
  const client = useQueryClient();
  const { data, error, refetch } = useItem(id);
  if (error instanceof ApiError && error.code === 'NOT_FOUND') return <Card>{t('gone')}</Card>;
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} />;
  const { item, question, given } = data;
  const actions = <ItemActions item={item} onArchive={onArchive} onRestore={onRestore} />;
  if (!question || item.signal === null) return <Information item={item} actions={actions} />;
  const asked = {
    runId: item.runId,
    capability: item.capability,
    signal: item.signal,
    ordinal: item.ordinal ?? 0,
    question,
    since: item.createdAt,
    until: item.until,
    given,
    resolution: item.resolution,
  };
  return (
    <>
      <QuestionPanel
        asked={asked}
        heading={
          <h3 className={classes.runTitle} dir="auto">
            {inert(item.title)}
          </h3>
        }
        linksToRun
        hasKeys
        onChanged={() => void client.invalidateQueries({ queryKey: ['inbox'] })}
      />
      <div className={classes.below}>{actions}</div>
    </>
  );
}
