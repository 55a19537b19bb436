import type { Bucket } from '../../contract/system.ts';
import classes from './overview.module.css';

interface HourBarsProps {
  readonly name: string;
  readonly hours: readonly Bucket[];
  readonly valueOf: (bucket: Bucket) => number | null;
}

/** One bar an hour, the present one in the colour of what moves. The table beside the charts has the figures. */
export function HourBars({ name, hours, valueOf }: HourBarsProps) {
  const values = hours.map((hour) => valueOf(hour) ?? 0);
  const most = Math.max(...values, 1);
  return (
    <div className={classes.bars} role="img" aria-label={name}>
      {values.map((value, index) => (
        <span
          key={hours[index]?.from}
          className={classes.bar}
          data-now={index === values.length - 1 || undefined}
          style={{ height: `${(value / most) * 100}%` }}
        />
      ))}
    </div>
  );
}
