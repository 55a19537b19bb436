import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { BudgetState } from '../../contract/budget.ts';
import { useNames } from '../api/names.ts';
import { moneyText, shortCountText } from '../format/amount.ts';
import { ageText } from '../format/duration.ts';
import { useNow } from '../live/clock.ts';
import type { Texts } from '../locales/texts.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Meter } from '../parts/meter.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { useBudgetStates } from './budget-queries.ts';
import { subjectWords } from './budget-words.ts';
import classes from './budgets.module.css';

/** What is spent today, beside what bounds it. */
export function SpentToday() {
  const { t } = useTranslation('budgets');
  const { data, error, refetch } = useBudgetStates();
  const items = data?.items ?? [];
  const now = useNow();
  const users = items.filter(({ scope }) => scope === 'user').map(({ subject }) => subject);
  const nameOf = useNames(users);
  return (
    <Card
      title={t('today')}
      note={data && t('todayNote', { duration: ageText(Date.parse(data.endsAt) - now) })}
      flush
    >
      {!data &&
        (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={2} />)}
      {data && items.length === 0 && <p className={classes.empty}>{t('nothingToday')}</p>}
      {items.map((state) => (
        <Spent key={`${state.scope} ${state.subject}`} state={state} nameOf={nameOf} />
      ))}
    </Card>
  );
}

function Spent({ state, nameOf }: { state: BudgetState; nameOf: (id: string) => string }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const name = inert(subjectWords(t, state, nameOf));
  const { spentUsd, spentTokens, reservedUsd, usd, tokens } = state;
  const money =
    usd === null
      ? t('budgets:spent', { spent: moneyText(spentUsd) })
      : t('budgets:spentOf', { spent: moneyText(spentUsd), limit: moneyText(usd) });
  const read =
    tokens === null
      ? t('budgets:tokensSpent', { spent: shortCountText(spentTokens) })
      : t('budgets:tokensOf', { spent: shortCountText(spentTokens), limit: shortCountText(tokens) });
  return (
    <div className={classes.spent}>
      <div className={classes.whose}>
        <bdi className={classes.subject} title={name}>
          {name}
        </bdi>
        {state.scope !== 'instance' && (
          <span className={classes.kind}>{t(`budgets:scopes.${state.scope}`)}</span>
        )}
      </div>
      <Amount name={t('budgets:meterMoney', { name })} words={money} spent={spentUsd} limit={usd} />
      <Amount name={t('budgets:meterTokens', { name })} words={read} spent={spentTokens} limit={tokens} />
      <span className={classes.kind}>
        {reservedUsd > 0 && t('budgets:reserved', { amount: moneyText(reservedUsd) })}
      </span>
    </div>
  );
}

interface AmountProps {
  readonly name: string;
  readonly words: string;
  readonly spent: number;
  readonly limit: number | null;
}

/** The figure, with its meter where something bounds it; amber at the limit, where runs pause and ask. */
function Amount({ name, words, spent, limit }: AmountProps) {
  return (
    <div className={classes.amount}>
      <span>{words}</span>
      {limit !== null && (
        <Meter name={name} value={spent} limit={limit} words={words} tone={spent >= limit ? 'you' : 'ink'} />
      )}
    </div>
  );
}
