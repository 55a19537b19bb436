import classes from './meter.module.css';

interface MeterProps {
  /** What is measured, for who can't see it: "Memory". */
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** The figures in words: "84 of 256 MiB". */
  readonly words: string;
  readonly tone?: 'ink' | 'live' | 'you' | 'bad';
}

/** How much of a limit is used. The figures stand beside it as text. */
export function Meter({ name, value, limit, words, tone = 'ink' }: MeterProps) {
  const share = limit > 0 ? Math.min(1, Math.max(0, value / limit)) : 0;
  return (
    <div
      className={classes.track}
      role="meter"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={Math.min(value, limit)}
      aria-valuetext={words}
    >
      {share > 0 && <div className={classes.fill} data-tone={tone} style={{ width: `${share * 100}%` }} />}
    </div>
  );
}
