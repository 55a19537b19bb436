import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type UIEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../contract/run-log.ts';
import { hasEnded } from '../../contract/run-view.ts';
import { countText } from '../format/amount.ts';
import { countOf, indexOf, lineNumbered, numberAt, type LineList } from './log-lines.ts';
import { LogRow } from './log-row.tsx';
import classes from './log-lines.module.css';
import type { RunMoment } from './run-follower.ts';
import type { LineLink } from './use-line-link.ts';

interface LogLinesProps {
  readonly moment: RunMoment;
  readonly list: LineList;
  readonly wrap: boolean;
  readonly following: boolean;
  readonly setFollowing: (following: boolean) => void;
  readonly textOf: (line: LogLine) => string;
  readonly fetchAll: () => void;
  readonly link: LineLink;
  /** What is looked for, in lower case. */
  readonly needle: string;
  /** Number of the line of the match that is looked at. */
  readonly current: number | undefined;
}

const lineHeight = 20;
/** So near to the end counts as the end. */
const nearPx = 24;

/** The lines; only those that are seen are drawn. */
export function LogLines(props: LogLinesProps) {
  const { moment, list, wrap, following, setFollowing, textOf, fetchAll, link, needle, current } = props;
  const { t } = useTranslation('run');
  const scroller = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const count = countOf(list);
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is handed to a component that is memoised
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 8,
    getItemKey: (index) => numberAt(list, index),
  });
  useLayoutEffect(() => {
    if (following && count > 0) rows.scrollToIndex(count - 1, { align: 'end' });
  }, [following, count, rows]);
  const show = useRef((number: number) => rows.scrollToIndex(indexOf(list, number), { align: 'center' }));
  show.current = (number) => rows.scrollToIndex(indexOf(list, number), { align: 'center' });
  useEffect(() => {
    if (current === undefined) return;
    setFollowing(false);
    show.current(current);
  }, [current, setFollowing]);
  const { line } = link;
  const numbered = moment.missing === 0 && moment.loaded;
  useEffect(() => {
    if (line !== undefined && numbered) show.current(line);
  }, [line, numbered]);
  const scrolled = ({ currentTarget }: UIEvent<HTMLDivElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget;
    if (scrollTop < top.current - 2) setFollowing(false);
    else if (scrollHeight - scrollTop - clientHeight < nearPx && !hasEnded(moment.view)) setFollowing(true);
    top.current = scrollTop;
  };
  const from = moment.missing === 0 ? startOf(list) : undefined;
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-wrap={wrap || undefined}
      role="log"
      aria-live="off"
      aria-label={t('log.name')}
      tabIndex={0}
      onScroll={scrolled}
    >
      <Head moment={moment} fetchAll={fetchAll} />
      {count === 0 && moment.loaded && <Nothing filtered={list.filter !== 'all'} moment={moment} />}
      <div className={classes.all} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const number = numberAt(list, index);
          const shown = lineNumbered(list.log, number);
          return (
            <div
              key={key}
              ref={wrap ? rows.measureElement : undefined}
              data-index={index}
              className={classes.place}
              style={{ transform: `translateY(${start}px)` }}
            >
              {shown && (
                <LogRow
                  line={shown}
                  version={shown.kind === 'output' ? `${shown.text.length}${shown.lost ? 'l' : ''}` : ''}
                  number={numbered ? number : undefined}
                  from={from}
                  text={shown.kind === 'event' ? textOf(shown) : ''}
                  needle={needle}
                  mark={number === current ? 'found' : number === line && numbered ? 'linked' : undefined}
                  onLink={link.set}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function startOf({ log }: LineList): string | undefined {
  return log.dropped === 0 ? log.lines[0]?.at : undefined;
}

function Head({ moment, fetchAll }: { moment: RunMoment; fetchAll: () => void }) {
  const { t } = useTranslation('run');
  const { missing, fetched, view } = moment;
  if (view.log.dropped > 0) {
    return <p className={classes.head}>{t('log.dropped', { figure: countText(view.log.dropped) })}</p>;
  }
  if (missing === 0) return null;
  return (
    <p className={classes.head}>
      {fetched === null ? (
        <>
          {t('log.earlier')}{' '}
          <Button size="compact-xs" variant="default" onClick={fetchAll}>
            {t('log.fetch')}
          </Button>
        </>
      ) : (
        t('log.fetching', { fetched: countText(fetched), all: countText(missing) })
      )}
    </p>
  );
}

function Nothing({ filtered, moment }: { filtered: boolean; moment: RunMoment }) {
  const { t } = useTranslation('run');
  const ended = hasEnded(moment.view);
  const words = filtered
    ? ended
      ? t('log.none')
      : t('log.noneYet')
    : ended
      ? t('log.none')
      : t('log.waiting');
  return <p className={classes.head}>{words}</p>;
}
