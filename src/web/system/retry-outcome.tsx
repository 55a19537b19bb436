import { useTranslation } from 'react-i18next';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import type { LetterOutcome } from './use-dead-letters.ts';

/** How many were started again, and of each that was refused why. */
export function RetryOutcome({ outcome, onClose }: { outcome: LetterOutcome; onClose: () => void }) {
  const { t } = useTranslation('system');
  const { started, refused } = outcome;
  return (
    <OutcomeBar close={t('dead.dismiss')} onClose={onClose}>
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
    </OutcomeBar>
  );
}
