import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { Spent } from '../../contract/run-conversation.ts';
import { moneyText, shortCountText } from '../format/amount.ts';
import { Fact, Facts } from './fact.tsx';
import { spentByRole } from './spent-by-role.ts';
import classes from './usage-card.module.css';

const mostRoles = 12;

/** What the agents spent by what they are for, where there are several. */
export function UsageByRole({ spentBy }: { spentBy: ReadonlyMap<string, Spent> }) {
  const { t } = useTranslation('run');
  const roles = spentByRole(spentBy);
  if (roles.length < 2) return null;
  return (
    <section className={classes.roles}>
      <h3>{t('usage.byRole')}</h3>
      <Facts>
        {roles.slice(0, mostRoles).map(({ role, usd, tokens }) => (
          <Fact key={role} mono name={inert(role.slice(0, 40))}>
            <span title={t('usage.tokensOf', { tokens: shortCountText(tokens) })}>
              {usd > 0 ? moneyText(usd) : t('usage.tokensOf', { tokens: shortCountText(tokens) })}
            </span>
          </Fact>
        ))}
      </Facts>
    </section>
  );
}
