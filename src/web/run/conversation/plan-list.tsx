import { useTranslation } from 'react-i18next';
import { IconCheck, IconCircle, IconMinus } from '@tabler/icons-react';
import type { Conversation } from '../../../contract/run-conversation.ts';
import { LiveSquare } from '../../parts/status.tsx';
import classes from './conversation.module.css';

const icon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** The agent's plan as it stands. */
export function PlanList({ plan, isOver }: { plan: Conversation['plan']; isOver: boolean }) {
  const { t } = useTranslation('run');
  const done = plan.filter(({ status }) => status === 'done').length;
  return (
    <section className={classes.plan} aria-label={t('conversation.plan')}>
      <h3>
        {t('conversation.plan')} <span>{t('conversation.planDone', { done, all: plan.length })}</span>
      </h3>
      <ol>
        {plan.slice(0, 200).map(({ text, status: told }, index) => {
          // What it was at when it ended, it isn't at any more.
          const status = isOver && told === 'doing' ? 'open' : told;
          return (
            <li key={index} data-status={status}>
              <span
                role="img"
                aria-label={t(`conversation.item.${status}`)}
                title={t(`conversation.item.${status}`)}
              >
                {status === 'done' ? (
                  <IconCheck {...icon} />
                ) : status === 'doing' ? (
                  <LiveSquare />
                ) : status === 'dropped' ? (
                  <IconMinus {...icon} />
                ) : (
                  <IconCircle {...icon} />
                )}
              </span>
              <bdi>{text.slice(0, 500)}</bdi>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
