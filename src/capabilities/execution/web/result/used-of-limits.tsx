import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../../base/format-bytes.ts';
import { durationText } from '../../../../web/format/duration.ts';
import { Meter } from '../../../../web/parts/meter.tsx';
import type { ExecutionOutput } from '../../schema.ts';
import classes from './run-result.module.css';

interface UsedOfLimitsProps {
  readonly output: ExecutionOutput;
  readonly limits: Readonly<Record<string, number>>;
}

/** What the program used of what it may, each figure with its limit. */
export function UsedOfLimits({ output, limits }: UsedOfLimitsProps) {
  const { t } = useTranslation('executionResult');
  const figures = [
    { name: t('wall'), value: output.wallMs, limit: limits['wallMs'] ?? 0, words: durationText },
    { name: t('cpu'), value: output.cpuMs, limit: limits['cpuMs'] ?? 0, words: durationText },
    {
      name: t('memory'),
      value: output.peakMemoryBytes,
      limit: limits['memoryBytes'] ?? 0,
      words: formatBytes,
    },
  ];
  return (
    <dl className={classes.used} aria-label={t('use')}>
      {figures.map(({ name, value, limit, words }) => {
        const text = limit > 0 ? t('of', { used: words(value), most: words(limit) }) : words(value);
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {text}
              {limit > 0 && (
                <Meter
                  name={name}
                  value={value}
                  limit={limit}
                  words={text}
                  tone={value >= limit ? 'bad' : 'ink'}
                />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
