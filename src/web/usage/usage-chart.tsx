import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { UsageItem } from '../../contract/usage.ts';
import { dayText, figureText, type Metric } from './usage-figures.ts';
import classes from './usage-page.module.css';

interface UsageChartProps {
  readonly days: readonly UsageItem[];
  readonly metric: Metric;
  /** What the bars are, for who can't see them. */
  readonly label: string;
}

const tick = { fill: 'var(--g-text2)', fontSize: 12 };

/** One bar for each day. The same figures stand in the table beside it. */
export default function UsageChart({ days, metric, label }: UsageChartProps) {
  return (
    <div className={classes.chart} role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={220}>
        <BarChart
          data={[...days]}
          margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
          barCategoryGap="20%"
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--g-line)" vertical={false} />
          <XAxis
            dataKey="key"
            tickFormatter={dayText}
            tick={tick}
            tickLine={false}
            axisLine={{ stroke: 'var(--g-line)' }}
            minTickGap={24}
          />
          <YAxis
            tickFormatter={(value: number) => figureText(metric, value)}
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={64}
            allowDecimals={metric === 'usd'}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--g-hover)' }}
            content={<UsageTip metric={metric} />}
          />
          <Bar
            dataKey={metric}
            fill="var(--g-ink)"
            radius={[2, 2, 0, 0]}
            isAnimationActive={false}
            maxBarSize={36}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

interface UsageTipProps {
  readonly metric: Metric;
  /** Put in by the chart. */
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: UsageItem }[];
}

function UsageTip({ metric, active = false, payload }: UsageTipProps) {
  const item = payload?.[0]?.payload;
  if (!active || item === undefined) return null;
  return (
    <div className={classes.tip}>
      <span>{dayText(item.key)}</span>
      <strong>{figureText(metric, item[metric])}</strong>
    </div>
  );
}
