import { useTranslation } from 'react-i18next';
import type { NewApiKey } from '../../contract/api-key.ts';
import { OncePanel } from '../parts/once-panel.tsx';
import classes from './account.module.css';

/** The text of a new key, and how it is used first. */
export function KeyOnce({ made, onDone }: { made: NewApiKey; onDone: () => void }) {
  const { t } = useTranslation('account');
  if (made.key === null) return <p className={`${classes.note} ${classes.pad}`}>{t('keys.replayed')}</p>;
  const env = `export GANTRY_URL=${location.origin} GANTRY_API_KEY=${made.key}`;
  const call = `curl -H "Authorization: Bearer $GANTRY_API_KEY" ${location.origin}/api/v1/me`;
  return (
    <OncePanel
      title={t('keys.onceTitle', { name: made.name })}
      text={t('keys.onceText')}
      lines={[
        { label: t('keys.key'), text: made.key, copy: t('keys.copyKey') },
        { label: t('keys.setEnv'), text: env, copy: t('keys.copyEnv') },
        { label: t('keys.call'), text: call, copy: t('keys.copyCall') },
      ]}
      done={t('keys.done')}
      onDone={onDone}
    />
  );
}
