import { moneyText } from '../../../../web/format/amount.ts';
import { Took } from '../../../../web/parts/took.tsx';
import type { Span } from './step-times.ts';
import classes from './work.module.css';

interface SpanFigureProps {
  readonly span: Span | null;
  readonly usd: number;
  /** It goes on: the time counts. */
  readonly isLive: boolean;
}

/** What something cost and how long it took, right-aligned. */
export function SpanFigure({ span, usd, isLive }: SpanFigureProps) {
  return (
    <span className={classes.figure}>
      {usd > 0 && <span>{moneyText(usd)}</span>}
      {span && (span.endedAt !== null || isLive) && (
        <span>
          <Took from={span.startedAt} to={span.endedAt} />
        </span>
      )}
    </span>
  );
}
