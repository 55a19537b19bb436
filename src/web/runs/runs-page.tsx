import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useMe } from '../api/me.ts';
import { webCapabilities } from '../capabilities.ts';
import { Page } from '../parts/page.tsx';
import { ActionBar } from './action-bar.tsx';
import { BulkResult } from './bulk-result.tsx';
import type { BulkOutcome } from './bulk.ts';
import type { Offers } from './completions.ts';
import { ExportMenu } from './export-menu.tsx';
import { FilterBar } from './filter-bar.tsx';
import classes from './filter-bar.module.css';
import { Lead } from './lead.tsx';
import { useRowKeys } from './row-keys.ts';
import { RunListView } from './run-list-view.tsx';
import { askedOf } from './run-query.ts';
import { StatusChips } from './status-chips.tsx';
import { useFilterText } from './use-filter-text.ts';
import { usePeople } from './use-people.ts';
import { useRunCounts } from './use-run-counts.ts';
import { useRunList } from './use-run-list.ts';
import { useSelection } from './use-selection.ts';

const noIds: readonly string[] = [];

/** One list of the runs of all capabilities. */
export default function RunsPage() {
  const { t } = useTranslation('runs');
  const me = useMe();
  const mayAct = useMay('member');
  const { text, setText } = useFilterText('/runs');
  const { asked, people } = useAsked(text);
  const list = useRunList(asked.params, me?.userId);
  const counts = useRunCounts(asked.params);
  const ids = useMemo(() => list.rows?.map((run) => run.id) ?? noIds, [list.rows]);
  const selection = useSelection(ids);
  const [outcome, setOutcome] = useState<BulkOutcome | null>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  const offers = useMemo<Offers>(
    () => ({
      kinds: webCapabilities.map(({ name }) => name),
      people: people.names,
      repositories: [...new Set(list.rows?.flatMap((run) => run.repository ?? []))],
    }),
    [people, list.rows],
  );
  const { bringIn } = list;
  useRowKeys({
    selection: mayAct ? selection : undefined,
    focusFilter: useCallback(() => inputRef.current?.focus(), []),
    bringIn,
  });
  return (
    <Page title={t('title')} lead={<Lead />} actions={<ExportMenu params={asked.params} />}>
      {selection.ids.size > 0 ? (
        <ActionBar selection={selection} onDone={setOutcome} />
      ) : (
        <FilterBar text={text} onChange={setText} offers={offers} inputRef={inputRef} />
      )}
      {asked.ignored.length > 0 && (
        <p className={classes.ignored}>
          {t('filter.ignored', { tokens: asked.ignored.join(', ').slice(0, 300) })}
        </p>
      )}
      <StatusChips text={text} onChange={setText} counts={counts} />
      {outcome && <BulkResult outcome={outcome} onClose={() => setOutcome(null)} />}
      <RunListView
        list={list}
        all={counts?.all}
        selection={mayAct ? selection : undefined}
        isFiltered={Object.keys(asked.params).length > 0}
        onClear={() => setText('')}
      />
    </Page>
  );
}

/** What the text asks for; the moment that "7 days ago" counts from is that at which it was typed. */
function useAsked(text: string) {
  const people = usePeople();
  const asked = useMemo(() => askedOf(text, people.ids), [text, people.ids]);
  return { asked, people };
}
