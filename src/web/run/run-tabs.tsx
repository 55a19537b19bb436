import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../commands/registry.ts';
import { webCapability } from '../capabilities.ts';
import { countText } from '../format/amount.ts';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { EventsTab } from './events-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { ResultTab } from './result-tab.tsx';
import type { RunFollower } from './run-follower.ts';
import classes from './run-tabs.module.css';
import type { Shown } from './shown.ts';
import { firstTab, tabsOf, type RunTab } from './tabs-of.ts';
import { TimelineTab } from './timeline-tab.tsx';

const ConversationTab = lazy(() => import('./conversation/conversation-tab.tsx'));
const DiffTab = lazy(() => import('./diff-tab.tsx'));

/** The parts of the run; the address keeps which one is open. Without one, it is the one that says most now. */
export function RunTabs(props: Shown & { follower: RunFollower }) {
  const { run, moment } = props;
  const { t } = useTranslation('run');
  const search: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const converses =
    webCapability(run.capability)?.converses === true || moment.view.conversation.entries.length > 0;
  const tabs = tabsOf(run, converses);
  // As it was opened: a run that ends must not take its log away from who reads it.
  const [first] = useState(() => firstTab(run, converses));
  const tab = tabs.find((each) => each === search.tab) ?? first;
  const commands = useMemo(() => {
    const open = (to: RunTab) =>
      void navigate({
        to: '.',
        search: (now: object) => ({ ...now, tab: to }),
        hash: '',
        replace: true,
        resetScroll: false,
      });
    return tabsOf(run, converses).map((each, index) => ({
      ...{ id: `tab-${each}`, group: 'here' as const, label: t(`tabs.${each}`), keys: String(index + 1) },
      run: () => open(each),
    }));
  }, [navigate, run, converses, t]);
  useCommands(commands);
  const open = (to: string | null) => commands.find((each) => each.id === `tab-${to}`)?.run();
  const counts: Partial<Record<RunTab, number>> = {
    conversation: moment.view.conversation.entries.length,
    timeline: moment.view.timeline.entries.length,
    events: moment.view.lastSeq,
  };
  return (
    <Tabs value={tab} onChange={open} keepMounted={false} className={classes.tabs}>
      <Tabs.List aria-label={t('tabs.label')} className={classes.list}>
        {tabs.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`tabs.${each}`)}
            {(counts[each] ?? 0) > 0 && <span className={classes.count}>{countText(counts[each] ?? 0)}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} className={classes.panel}>
        <Suspense fallback={<SkeletonRows />}>{panelOf(tab, props)}</Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

function panelOf(tab: RunTab, props: Shown & { follower: RunFollower }) {
  switch (tab) {
    case 'conversation':
      return <ConversationTab {...props} />;
    case 'timeline':
      return <TimelineTab {...props} />;
    case 'log':
      return <LogTab {...props} />;
    case 'diff':
      return <DiffTab run={props.run} />;
    case 'result':
      return <ResultTab runId={props.run.id} />;
    case 'events':
      return <EventsTab {...props} />;
  }
}
