import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView } from '../../contract/settings.ts';
import { Ago } from '../parts/ago.tsx';
import { SettingInput } from './setting-input.tsx';
import { shownOf } from './settings-draft.ts';
import type { SettingKey } from './settings-fields.ts';
import classes from './settings.module.css';
import { useSettingText } from './use-setting-text.ts';
import type { SettingsDraft } from './use-settings-draft.ts';

interface SettingRowProps {
  readonly setting: SettingKey;
  readonly view: InstanceSettingsView;
  readonly draft: SettingsDraft;
}

/** One setting: what it is, its value, its default and where that comes from, and who changed it last. */
export function SettingRow({ setting, view, draft }: SettingRowProps) {
  const { t } = useTranslation('settings');
  const text = useSettingText();
  const typed = draft.draft[setting];
  const isSet = typed === undefined ? setting in view.overrides : typed !== null;
  const standard = text(setting, view.defaults[setting]);
  const source = view.sources[setting] ?? 'default';
  const last = view.changed[setting];
  return (
    <div className={classes.row} data-changed={typed !== undefined || undefined}>
      <SettingInput setting={setting} view={view} draft={draft} value={shownOf(setting, view, draft.draft)} />
      <div className={classes.about}>
        {draft.overtaken(setting) && last && (
          <p className={classes.theirs}>
            {t('theirs', { name: last.by.name, value: text(setting, view.values[setting]) })}
          </p>
        )}
        <p>{sourceWords(t, isSet, source, standard)}</p>
        {last && (
          <p>
            {t('changedByPrefix', { name: last.by.name })}, <Ago at={last.at} />
          </p>
        )}
        {isSet && (
          <Button
            variant="subtle"
            color="live"
            size="compact-xs"
            className={classes.reset}
            aria-label={t('resetField', { name: t(`fields.${setting}`), value: standard })}
            onClick={() => draft.type(setting, null)}
          >
            {t('resetTo', { value: standard })}
          </Button>
        )}
      </div>
    </div>
  );
}

type Words = ReturnType<typeof useTranslation<'settings'>>['t'];

/** "Set here; gantry.yaml says 600", or where the default comes from. */
function sourceWords(t: Words, isSet: boolean, source: string, value: string): string {
  const name = source.split('/').at(-1) ?? source;
  if (source === 'default') return isSet ? t('fromDefault', { value }) : t('byDefault');
  return isSet ? t('fromSource', { source: name, value }) : t('sourceSays', { source: name });
}
