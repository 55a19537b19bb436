import { useTranslation } from 'react-i18next';
import { isTerminal } from '../../../contract/run-status.ts';
import { SkeletonRows } from '../../parts/skeleton-rows.tsx';
import type { Shown } from '../shown.ts';
import classes from './conversation.module.css';
import { PlanList } from './plan-list.tsx';
import { SayBox } from './say-box.tsx';
import { ToldBubble } from './told-bubble.tsx';
import { TurnBlock } from './turn-block.tsx';
import { WorkspaceLine } from './workspace-line.tsx';

/** What the agents and the people of a run said and did, in order; the latest at the end, where one writes. */
export default function ConversationTab({ run, moment, me, nameOf }: Shown) {
  const { t } = useTranslation('run');
  const { view, loaded } = moment;
  const { entries, plan, workspace } = view.conversation;
  if (!loaded) return <SkeletonRows />;
  const over = isTerminal(view.status);
  const agents = new Set(entries.flatMap((entry) => (entry.kind === 'turn' ? [entry.agent] : [])));
  return (
    <div className={classes.conversation}>
      {workspace && <WorkspaceLine workspace={workspace} />}
      {plan.length > 0 && <PlanList plan={plan} isOver={over} />}
      {entries.length === 0 && !view.error && (
        <p className={classes.empty}>{t(over ? 'conversation.nothing' : 'conversation.soon')}</p>
      )}
      <ol className={classes.list} aria-label={t('conversation.name')}>
        {entries.map((entry, index) =>
          entry.kind === 'told' ? (
            <ToldBubble key={entry.key} message={entry} nameOf={nameOf} />
          ) : (
            <TurnBlock
              key={entry.key}
              turn={entry}
              version={index === entries.length - 1 ? view.version : undefined}
              isNamed={agents.size > 1}
              isLive={index === entries.length - 1 && view.status === 'running'}
            />
          ),
        )}
      </ol>
      {view.error && (
        <p className={classes.failure} role="alert">
          <code>{view.error.code}</code> <bdi>{view.error.message.slice(0, 5000)}</bdi>
        </p>
      )}
      {!over && me !== undefined && me.role !== 'viewer' && <SayBox runId={run.id} />}
    </div>
  );
}
