import { ansiSpans } from '../../../../base/ansi.ts';
import type { OutputLine } from '../../../../contract/run-log.ts';
import { LogText } from '../../../../web/parts/log-text.tsx';
import { sinceStart } from './output-store.ts';
import classes from './output-view.module.css';

/** One line of a program's output: when, which stream by more than its colour, and the text, inert. */
export function OutputLineRow({ line, startedAt }: { line: OutputLine; startedAt: number | undefined }) {
  return (
    <div className={classes.line} data-stream={line.stream} data-lost={line.lost || undefined}>
      <span className={classes.time}>{line.continued ? '' : sinceStart(line.at, startedAt)}</span>
      <span className={classes.text} dir="ltr">
        <LogText spans={ansiSpans(line.text, line.style)} />
      </span>
    </div>
  );
}
