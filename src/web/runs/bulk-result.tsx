import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BulkOutcome } from './bulk.ts';
import classes from './bulk-result.module.css';

/** What came of an act on several runs: how many were done, and of each that was refused why. */
export function BulkResult({ outcome, onClose }: { outcome: BulkOutcome; onClose: () => void }) {
  const { t } = useTranslation('runs');
  const { action, done, refused } = outcome;
  return (
    <div className={classes.result} role="status">
      <div className={classes.words}>
        {done > 0 && <p>{t(`${action}.done`, { count: done })}</p>}
        {refused.length > 0 && (
          <>
            <p>{t('refused', { count: refused.length })}</p>
            <ul tabIndex={0} aria-label={t('refused', { count: refused.length })}>
              {refused.map(({ id, reason }) => (
                <li key={id}>
                  <Link to="/runs/$runId" params={{ runId: id }}>
                    {id.slice(0, 8)}…{id.slice(-6)}
                  </Link>{' '}
                  {reason}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <Button variant="subtle" onClick={onClose}>
        {t('dismiss')}
      </Button>
    </div>
  );
}
