import { ansiSpans } from '../../../../base/ansi.ts';
import type { OutputLine } from '../../../../contract/run-log.ts';
import { sinceStart } from './output-store.ts';
import classes from './output-view.module.css';

/** One line of a program's output: when, which stream by more than its colour, and the text, inert. */
export function OutputLineRow({ line, startedAt }: { line: OutputLine; startedAt: number | undefined }) {
  return (
    <div className={classes.line} data-stream={line.stream} data-lost={line.lost || undefined}>
      <span className={classes.time}>{line.continued ? '' : sinceStart(line.at, startedAt)}</span>
      <span className={classes.text} dir="ltr">
        {ansiSpans(line.text, line.style).map((span, index) => (
          <span
            key={index}
            className={classes.span}
            data-ink={span.ink}
            data-paper={span.paper}
            data-bold={span.bold}
            data-dim={span.dim}
            data-italic={span.italic}
            data-underline={span.underline}
            data-strike={span.strike}
          >
            {span.text}
          </span>
        ))}
      </span>
    </div>
  );
}
