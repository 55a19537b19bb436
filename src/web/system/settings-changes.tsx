import { useTranslation } from 'react-i18next';
import type { Difference } from './settings-draft.ts';
import classes from './settings.module.css';
import { useSettingText } from './use-setting-text.ts';

/** What changed from what to what, one line each. Null reads as the default. */
export function SettingsChanges({ changes }: { changes: readonly Difference[] }) {
  const { t } = useTranslation('settings');
  const text = useSettingText();
  const words = (key: Difference['key'], value: unknown) =>
    value === null ? t('byDefault').toLowerCase() : text(key, value);
  return (
    <ul className={classes.changes}>
      {changes.map(({ key, from, to }) => (
        <li key={key}>
          {t(`fields.${key}`)}: <del className={classes.from}>{words(key, from)}</del>
          <span aria-hidden="true"> → </span>
          <ins className={classes.to}>{words(key, to)}</ins>
        </li>
      ))}
    </ul>
  );
}
