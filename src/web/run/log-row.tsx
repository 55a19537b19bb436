import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { ansiSpans } from '../../base/ansi.ts';
import type { LogLine } from '../../contract/run-log.ts';
import { exactTime } from '../format/time.ts';
import { isError } from './log-lines.ts';
import { LogText } from '../parts/log-text.tsx';
import { markSpans } from './log-search.ts';
import { sinceText } from './since-text.ts';
import classes from './log-row.module.css';

interface LogRowProps {
  readonly line: LogLine;
  /** Lines change in place: says that this one did. */
  readonly version: string;
  /** Unknown while the log's beginning is not there. */
  readonly number: number | undefined;
  /** When the log begins. */
  readonly from: string | undefined;
  /** What an event says. */
  readonly text: string;
  readonly needle: string;
  readonly mark: 'found' | 'linked' | undefined;
  readonly onLink: (number: number) => void;
}

/** One line: when, from where, what. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { line, number, from, text, needle, mark, onLink } = props;
  const { t } = useTranslation('run');
  const time = sinceText(line.at, from);
  const lost = line.kind === 'output' && line.lost;
  const source = line.kind === 'event' ? t('log.gantry') : (line.stage ?? line.stream);
  const spans = line.kind === 'event' ? [{ text }] : ansiSpans(line.text, line.style);
  return (
    <div
      className={classes.row}
      data-kind={line.kind}
      data-bad={(line.kind === 'event' && isError(line)) || undefined}
      data-lost={lost || undefined}
      data-mark={mark}
      title={lost ? t('log.lost') : undefined}
    >
      {number === undefined ? (
        <span className={classes.time}>{time}</span>
      ) : (
        <a
          className={classes.time}
          href={`#L${number}`}
          aria-label={t('log.line', { time, number })}
          title={exactTime(line.at)}
          tabIndex={-1}
          onClick={(event) => {
            event.preventDefault();
            onLink(number);
          }}
        >
          {time}
        </a>
      )}
      <span className={classes.source} data-stream={line.kind === 'output' ? line.stream : undefined}>
        {source.slice(0, 20)}
      </span>
      <span className={classes.text}>
        <LogText spans={markSpans(spans, needle)} />
      </span>
    </div>
  );
});
