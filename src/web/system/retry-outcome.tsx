import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './retry-outcome.module.css';
import type { LetterOutcome } from './use-dead-letters.ts';

/** How many were started again, and of each that was refused why. */
export function RetryOutcome({ outcome, onClose }: { outcome: LetterOutcome; onClose: () => void }) {
  const { t } = useTranslation('system');
  const { started, refused } = outcome;
  return (
    <div className={classes.outcome} role="status">
      <div>
        <p>{t('dead.outcome', { count: started.size })}</p>
        {refused.length > 0 && (
          <>
            <p>{t('dead.refused', { count: refused.length })}</p>
            <ul>
              {refused.map(({ id, reason }) => (
                <li key={id}>
                  <code>{id.slice(0, 8)}</code> {reason}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <Button size="compact-sm" variant="subtle" onClick={onClose}>
        {t('dead.dismiss')}
      </Button>
    </div>
  );
}
