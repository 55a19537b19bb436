import { useTranslation } from 'react-i18next';
import { countText, moneyText } from '../format/amount.ts';
import { useFeedState } from '../live/run-feed.ts';
import { LiveWord } from '../parts/live-word.tsx';
import { useUsage } from '../usage/usage-queries.ts';
import { useRunCounts } from './use-run-counts.ts';

const everything = {};

/** Whether the list is live, what is under way, and what the day has cost. */
export function Lead() {
  const { t } = useTranslation('runs');
  const { state, at } = useFeedState();
  const counts = useRunCounts(everything);
  const spent = useUsage(1, 'day').data?.total.usd ?? 0;
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
      {spent > 0 && <span>{t('lead.spent', { money: moneyText(spent) })}</span>}
    </>
  );
}
