import { useTranslation } from 'react-i18next';
import type { RunCount, RunCounts } from '../../contract/run-filter.ts';
import { countText } from '../format/amount.ts';
import { readFilter, withToken } from './filter-text.ts';
import { chipStatuses } from './run-query.ts';
import classes from './filter-bar.module.css';

interface StatusChipsProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly counts: RunCounts | undefined;
}

/** Shortcuts to a status, with how many runs there are. */
export function StatusChips({ text, onChange, counts }: StatusChipsProps) {
  const { t } = useTranslation(['runs', 'parts']);
  const { status = '' } = readFilter(text).tokens;
  const chips = [
    { value: '', label: t('runs:chips.all'), count: counts?.all },
    ...chipStatuses.map((value) => ({ value, label: t(`parts:status.${value}`), count: counts?.[value] })),
  ];
  return (
    <div className={classes.chips} role="group" aria-label={t('runs:chips.label')}>
      {chips.map(({ value, label, count }) => (
        <button
          key={value}
          type="button"
          className={classes.chip}
          aria-pressed={status === value}
          onClick={() => onChange(withToken(text, 'status', value))}
        >
          {label}
          <Figure count={count} />
        </button>
      ))}
    </div>
  );
}

function Figure({ count }: { count: RunCount | undefined }) {
  const { t } = useTranslation(['runs', 'parts']);
  if (count === undefined) return null;
  // Seen none, but not looked at all: nobody knows.
  if (count.count === 0 && !count.exact) return <code>{t('parts:unknown')}</code>;
  const figure = countText(count.count);
  return <code>{count.exact ? figure : t('runs:atLeast', { figure })}</code>;
}
