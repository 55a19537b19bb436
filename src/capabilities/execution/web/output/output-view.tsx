import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { OutputLineRow } from './output-line.tsx';
import type { RunOutput } from './output-store.ts';
import classes from './output-view.module.css';

const lineHeight = 20;
const nearEnd = 24;

/** What a program wrote, line by line. Only lines in view are drawn; the end is followed until the reader scrolls up. */
export function OutputView({ output, empty }: { output: RunOutput; empty: ReactNode }) {
  const { t } = useTranslation('playground');
  const place = useRef<HTMLDivElement>(null);
  const { lines } = output.log;
  const [following, setFollowing] = useState(true);
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is handed to a component that is memoised
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 20,
  });
  const size = rows.getTotalSize();
  const { version } = output;
  useEffect(() => {
    const { current } = place;
    if (following && current && version >= 0) current.scrollTop = size;
  }, [following, size, version]);
  const onScroll = () => {
    const { current } = place;
    if (current) setFollowing(current.scrollHeight - current.scrollTop - current.clientHeight < nearEnd);
  };
  return (
    <div className={classes.frame}>
      <div
        ref={place}
        className={classes.view}
        role="log"
        aria-live="off"
        aria-label={t('output.label')}
        tabIndex={0}
        onScroll={onScroll}
      >
        {lines.length === 0 ? (
          <div className={classes.empty}>{empty}</div>
        ) : (
          <div className={classes.lines} style={{ height: size }}>
            {rows.getVirtualItems().map(({ key, index, start }) => {
              const line = lines[index];
              return (
                <div
                  key={key}
                  ref={rows.measureElement}
                  data-index={index}
                  className={classes.row}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  {line?.kind === 'output' && <OutputLineRow line={line} startedAt={output.startedAt} />}
                </div>
              );
            })}
          </div>
        )}
      </div>
      {!following && lines.length > 0 && (
        <Button
          size="compact-sm"
          variant="default"
          className={classes.jump}
          onClick={() => setFollowing(true)}
        >
          {t('output.jump')}
        </Button>
      )}
    </div>
  );
}
