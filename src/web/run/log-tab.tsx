import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ansiText } from '../../base/ansi.ts';
import { inert } from '../../base/inert.ts';
import { eventText } from '../../contract/event-text.ts';
import type { LogLine } from '../../contract/run-log.ts';
import { hasEnded } from '../../contract/run-view.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { LogFoot } from './log-foot.tsx';
import { LogLines } from './log-lines.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import type { LogFilter } from './log-lines.ts';
import type { RunFollower } from './run-follower.ts';
import type { Shown } from './shown.ts';
import { useLineList } from './use-line-list.ts';
import { useLogSearch } from './use-log-search.ts';
import { useLogKeys } from './use-log-keys.ts';
import { useLineLink } from './use-line-link.ts';
import classes from './log-tab.module.css';

/** What the run's programs wrote, and what Gantry said between: live, searchable, however long. */
export function LogTab({ run, moment, nameOf, follower }: Shown & { follower: RunFollower }) {
  const { t: say } = useTranslation('events');
  const [filter, setFilter] = useState<LogFilter>('all');
  const [wrap, setWrap] = useLocalStorage({
    key: 'gantry-log-wrap',
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const link = useLineLink();
  const live = !hasEnded(moment.view);
  const [following, setFollowing] = useState(live && link.line === undefined);
  const list = useLineList(moment.view.log, filter);
  const textOf = useMemo(
    () => (line: LogLine) => {
      if (line.kind === 'output') return ansiText(line.text);
      const text = eventText(line.event, nameOf);
      return inert(text ? say(text.key, text.values) : line.event.type);
    },
    [nameOf, say],
  );
  const search = useLogSearch(list, textOf);
  const { fetchAll } = follower;
  useEffect(() => {
    // A search that misses what isn't there yet would be a lie, and so would a line's number.
    if (search.text !== '' || link.line !== undefined) fetchAll();
  }, [search.text, link.line, fetchAll]);
  useEffect(() => {
    const { missing, loaded } = moment;
    if (loaded && missing > 0 && missing < 20_000) fetchAll();
  }, [moment, fetchAll]);
  useLogKeys({ following, setFollowing, openSearch: search.open });
  return (
    <div className={classes.log}>
      <LogToolbar {...{ run, filter, setFilter, wrap, setWrap, search, log: moment.view.log }} />
      {moment.error !== undefined && <ErrorPanel error={moment.error} onRetry={fetchAll} />}
      <LogLines
        {...{ moment, list, wrap, following, setFollowing, textOf, fetchAll, link }}
        needle={search.text.toLowerCase()}
        current={search.current}
      />
      <LogFoot {...{ moment, list, following, setFollowing }} />
    </div>
  );
}
