import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView } from '../../contract/settings.ts';
import { countText } from '../format/amount.ts';
import { TextField } from '../parts/text-field.tsx';
import { mistakeIn } from './settings-draft.ts';
import { settingFields, type SettingKey } from './settings-fields.ts';
import classes from './settings.module.css';
import type { SettingsDraft } from './use-settings-draft.ts';

interface SettingInputProps {
  readonly setting: SettingKey;
  readonly view: InstanceSettingsView;
  readonly draft: SettingsDraft;
  readonly value: string | boolean;
}

/** The field itself; its unit stands inside, its bounds under the label. */
export function SettingInput({ setting, view, draft, value }: SettingInputProps) {
  const { t } = useTranslation('settings');
  const field = settingFields[setting];
  const label = t(`fields.${setting}`);
  const help = t(`help.${setting}`);
  if (typeof value === 'boolean') {
    return (
      <div className={classes.field}>
        <Switch
          name={setting}
          label={label}
          classNames={{ track: classes.track ?? '' }}
          description={help}
          checked={value}
          error={draft.refusal(setting)}
          onChange={(event) => draft.type(setting, event.currentTarget.checked)}
        />
      </div>
    );
  }
  const bounds = view.bounds[setting];
  const scale = field.kind === 'number' ? field.scale : 1;
  const range = bounds && {
    min: countText(bounds.min / scale),
    max: countText(bounds.max / scale),
  };
  const mistake = draft.wasLeft(setting) ? mistakeIn(setting, value, view.bounds) : undefined;
  return (
    <TextField
      className={classes.field}
      name={setting}
      label={label}
      description={range ? `${help} ${t('between', range)}.` : help}
      value={value}
      error={mistake ? t(mistake.kind, { ...mistake }) : draft.refusal(setting)}
      onChange={(event) => draft.type(setting, event.currentTarget.value)}
      onBlur={() => draft.leave(setting)}
      {...(field.kind === 'number'
        ? {
            inputMode: 'decimal' as const,
            rightSection: <span className={classes.unit}>{t(`units.${field.unit}`)}</span>,
            rightSectionWidth: 86,
            classNames: { input: classes.number ?? '', description: classes.help ?? '' },
          }
        : {
            maxLength: 300,
            ...(field.kind === 'text' && field.example && { placeholder: field.example }),
            autoComplete: 'off',
            classNames: { description: classes.help ?? '' },
          })}
    />
  );
}
