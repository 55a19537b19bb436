import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { ModelTest } from '../../contract/model.ts';
import { moneyText } from '../format/amount.ts';
import { durationText } from '../format/duration.ts';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import { StatusWord } from '../parts/status.tsx';
import classes from './models.module.css';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** What came of asking a model for one word. */
export function TestResult({ result, onClose }: { result: ModelTest; onClose: () => void }) {
  const { t } = useTranslation('models');
  const { ok, ms, said, usd, error } = result;
  const model = inert(result.model);
  const words =
    said === null || said.trim() === '' ? t('test.nothing') : `“${inert(said.trim().slice(0, 80))}”`;
  return (
    <OutcomeBar close={t('test.close')} onClose={onClose}>
      {ok ? (
        <StatusWord tone="ok" icon={<IconCheck {...icon} />}>
          {t(usd === null ? 'test.worksFree' : 'test.works', {
            model,
            words,
            time: durationText(ms),
            cost: moneyText(usd ?? 0),
          })}
        </StatusWord>
      ) : (
        <>
          <StatusWord tone="bad" icon={<IconAlertTriangle {...icon} />}>
            {t('test.failed', { model })}
          </StatusWord>
          {error && (
            <p className={classes.why}>
              {inert(error.message)} <code>{error.code}</code>
            </p>
          )}
        </>
      )}
    </OutcomeBar>
  );
}
