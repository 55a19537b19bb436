import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFilterInput } from '../../../../contract/run-filter.ts';
import { useMay, useMe } from '../../../../web/api/me.ts';
import { Page } from '../../../../web/parts/page.tsx';
import { StatusChips } from '../../../../web/runs/status-chips.tsx';
import { askedOf } from '../../../../web/runs/run-query.ts';
import { useFilterText } from '../../../../web/runs/use-filter-text.ts';
import { useRunCounts } from '../../../../web/runs/use-run-counts.ts';
import { useRunList } from '../../../../web/runs/use-run-list.ts';
import SessionForm from './session-form.tsx';
import { SessionFilter } from './session-filter.tsx';
import { SessionList } from './session-list.tsx';
import classes from './sessions.module.css';

const noPeople: ReadonlyMap<string, string> = new Map();

/** Start a session, and see where the others stand. */
export default function SessionsPage() {
  const { t } = useTranslation('sessions');
  const me = useMe();
  const mayStart = useMay('member');
  const { text, setText } = useFilterText('/sessions');
  const params = useMemo<RunFilterInput>(
    () => ({ ...askedOf(text, noPeople).params, capability: 'coding' }),
    [text],
  );
  const list = useRunList(params, me?.userId);
  const counts = useRunCounts(params);
  return (
    <Page title={t('title')} lead={t('lead')}>
      {mayStart && <SessionForm />}
      <div className={classes.filters}>
        <SessionFilter text={text} onChange={setText} />
        <StatusChips text={text} onChange={setText} counts={counts} />
      </div>
      <SessionList list={list} isFiltered={text !== ''} onClear={() => setText('')} />
    </Page>
  );
}
