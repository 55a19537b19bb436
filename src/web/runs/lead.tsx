import { useTranslation } from 'react-i18next';
import type { RunCounts } from '../../contract/run-filter.ts';
import { countText } from '../format/amount.ts';
import { useFeedState } from '../live/run-feed.ts';
import { LiveWord } from '../parts/live-word.tsx';

/** Whether the list is live, and what is under way, in one sentence. */
export function Lead({ counts }: { counts: RunCounts | undefined }) {
  const { t } = useTranslation('runs');
  const { state, at } = useFeedState();
  const parts = (['running', 'queued', 'waiting'] as const).flatMap((status) => {
    const { count = 0, exact = true } = counts?.[status] ?? {};
    if (count === 0) return [];
    const figure = exact ? countText(count) : t('atLeast', { figure: countText(count) });
    return [t(`lead.${status}`, { figure })];
  });
  return (
    <>
      <LiveWord state={state} at={at} />
      {counts && <span>{parts.length === 0 ? t('lead.none') : `${parts.join(', ')}.`}</span>}
    </>
  );
}
