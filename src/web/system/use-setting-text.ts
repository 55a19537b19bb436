import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { countText } from '../format/amount.ts';
import { settingFields, type SettingKey } from './settings-fields.ts';

/** Says a value of a setting in words: `10 s`, `256 MiB`, `On`. */
export function useSettingText(): (key: SettingKey, value: unknown) => string {
  const { t } = useTranslation('settings');
  return useCallback(
    (key, value) => {
      const field = settingFields[key];
      if (value === null || value === undefined) return t('none');
      if (field.kind === 'number' && typeof value === 'number') {
        return `${countText(value / field.scale)} ${t(`units.${field.unit}`)}`;
      }
      if (typeof value === 'boolean') return t(value ? 'on' : 'off');
      return value === '' ? t('none') : `“${String(value)}”`;
    },
    [t],
  );
}
