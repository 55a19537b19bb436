import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import classes from './work.module.css';

/** What failed before the first change, so that nobody takes it for the session's doing. */
export function Baseline({ checks }: { checks: readonly { name: string; summary: string }[] }) {
  const { t } = useTranslation('codingWork');
  if (checks.length === 0) return null;
  return (
    <div className={classes.baseline}>
      <IconHistory size={16} stroke={1.75} aria-hidden="true" />
      <div>
        <p>
          <strong>{t('baseline.title', { count: checks.length })}.</strong> {t('baseline.text')}
        </p>
        <ul>
          {checks.map(({ name, summary }) => (
            <li key={name}>
              <code>{inert(name.slice(0, 100))}</code> <bdi>{inert(summary.slice(0, 300))}</bdi>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
