import { useTranslation } from 'react-i18next';
import { SkeletonRows } from '../../../../web/parts/skeleton-rows.tsx';
import type { Shown } from '../../../../web/run/shown.ts';
import { AgreedGoal } from './agreed-goal.tsx';
import { AgreedPlan } from './agreed-plan.tsx';
import { useWork } from './use-work.ts';
import classes from './work.module.css';

/** What was agreed on: the goal with its debate, the plan, and how both came to be what they are. To read only. */
export default function AgreedTab({ moment }: Shown) {
  const { t } = useTranslation('codingWork');
  const { goal, plan } = useWork(moment).session;
  if (!moment.loaded) return <SkeletonRows />;
  return (
    <div className={classes.agreed}>
      <section>
        <h2 className={classes.heading}>
          {t('agreed.goal')}{' '}
          {goal && <span className={classes.note}>{t(`agreed.status.${goal.status}`)}</span>}
        </h2>
        {goal === null || goal.status === 'skipped' ? (
          <p className={classes.note}>{t('agreed.noGoal')}</p>
        ) : (
          <AgreedGoal goal={goal} />
        )}
      </section>
      <section>
        <h2 className={classes.heading}>
          {t('agreed.plan')}{' '}
          {plan && <span className={classes.note}>{t(`agreed.status.${plan.status}`)}</span>}
        </h2>
        {plan?.iterations.length ? (
          <AgreedPlan plan={plan} />
        ) : (
          <p className={classes.note}>{t('agreed.noPlan')}</p>
        )}
      </section>
    </div>
  );
}
