import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../commands/command.ts';
import { useCommands } from '../commands/registry.ts';
import { webCapability } from '../capabilities.ts';
import type { CapabilityTab } from '../capability.ts';
import { countText } from '../format/amount.ts';
import type { Texts } from '../locales/texts.ts';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { EventsTab } from './events-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { ResultTab } from './result-tab.tsx';
import classes from './run-tabs.module.css';
import type { FollowedRun } from './shown.ts';
import { firstTab, isRunTab, tabsOf } from './tabs-of.ts';
import { TimelineTab } from './timeline-tab.tsx';

const ConversationTab = lazy(() => import('./conversation/conversation-tab.tsx'));
const DiffTab = lazy(() => import('./diff-tab.tsx'));
const StateTab = lazy(() => import('./state/state-tab.tsx'));

/** The parts of the run; the address keeps which one is open. Without one, it is the one that says most now. */
export function RunTabs(props: FollowedRun) {
  const { run, moment } = props;
  const { t } = useTranslation() as unknown as { t: Texts };
  const search: { tab?: string } = useSearch({ strict: false });
  const capability = webCapability(run.capability);
  const converses = capability?.converses === true || moment.view.conversation.entries.length > 0;
  const own = (capability?.tabs ?? []).filter(({ isShown }) => isShown?.(props) ?? true);
  const tabs = tabsOf(run, { converses, hasState: moment.view.state.changes.length > 0 }, own);
  // As it was opened: a run that ends must not take its log away from who reads it.
  const [first] = useState(() => capability?.firstTab?.(run) ?? firstTab(run, converses));
  const tab = tabs.find((each) => each === search.tab) ?? tabs.find((each) => each === first) ?? tabs[0];
  const ownTab = (name: string) => own.find((each) => each.name === name);
  const labelOf = (name: string) => ownTab(name)?.label(t) ?? (isRunTab(name) ? t(`run:tabs.${name}`) : name);
  const open = useTabCommands(tabs, tabs.map(labelOf));
  if (tab === undefined) return null;
  return (
    <Tabs value={tab} onChange={open} keepMounted={false} className={classes.tabs}>
      <Tabs.List aria-label={t('run:tabs.label')} className={classes.list}>
        {tabs.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {labelOf(name)}
            <Count count={countOf(name, ownTab(name), props)} />
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} className={classes.panel}>
        <Suspense fallback={<SkeletonRows />}>
          <Panel tab={tab} own={ownTab(tab)} shown={props} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

/** The digits open tabs; answers what opens one by name. */
function useTabCommands(tabs: readonly string[], labels: readonly string[]): (name: string | null) => void {
  const navigate = useNavigate();
  // Lists are new at each event of the run, commands only when something differs.
  const listed = JSON.stringify(tabs.map((name, index) => ({ name, label: labels[index] ?? name })));
  const commands = useMemo(() => {
    const open = (tab: string) =>
      void navigate({
        to: '.',
        search: (now: object) => ({ ...now, tab }),
        hash: '',
        replace: true,
        resetScroll: false,
      });
    return (JSON.parse(listed) as { name: string; label: string }[]).map(
      ({ name, label }, index): Command => ({
        ...{ id: `tab-${name}`, group: 'here', label, run: () => open(name) },
        ...(index < 9 && { keys: String(index + 1) }),
      }),
    );
  }, [navigate, listed]);
  useCommands(commands);
  return (name) => commands.find((each) => each.id === `tab-${name}`)?.run();
}

function Count({ count }: { count: number }) {
  return count > 0 && <span className={classes.count}>{countText(count)}</span>;
}

function countOf(name: string, own: CapabilityTab | undefined, { run, moment }: FollowedRun): number {
  if (own) return own.count?.({ run, moment }) ?? 0;
  const { conversation, timeline, lastSeq } = moment.view;
  if (name === 'conversation') return conversation.entries.length;
  if (name === 'timeline') return timeline.entries.length;
  return name === 'events' ? lastSeq : 0;
}

interface PanelProps {
  readonly tab: string;
  readonly own: CapabilityTab | undefined;
  readonly shown: FollowedRun;
}

function Panel({ tab, own, shown }: PanelProps) {
  if (own) return <own.Panel {...shown} />;
  if (!isRunTab(tab)) return null;
  switch (tab) {
    case 'conversation':
      return <ConversationTab {...shown} />;
    case 'timeline':
      return <TimelineTab {...shown} />;
    case 'log':
      return <LogTab {...shown} />;
    case 'diff':
      return <DiffTab run={shown.run} />;
    case 'result':
      return <ResultTab runId={shown.run.id} />;
    case 'state':
      return <StateTab {...shown} />;
    case 'events':
      return <EventsTab {...shown} />;
  }
}
