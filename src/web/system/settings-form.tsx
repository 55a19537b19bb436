import { Button } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView } from '../../contract/settings.ts';
import { ApiError } from '../api/client.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SettingRow } from './setting-row.tsx';
import { settingGroups } from './settings-fields.ts';
import classes from './settings.module.css';
import { SettingsSave } from './settings-save.tsx';
import { useSettingsDraft } from './use-settings-draft.ts';

const groups = Object.entries(settingGroups) as [
  keyof typeof settingGroups,
  (typeof settingGroups)[keyof typeof settingGroups],
][];

/** All settings in groups, and what is not saved yet. */
export function SettingsForm({ view }: { view: InstanceSettingsView }) {
  const { t } = useTranslation('settings');
  const form = useRef<HTMLFormElement>(null);
  const draft = useSettingsDraft(view, form);
  const conflict = draft.error instanceof ApiError && draft.error.code === 'CONFLICT';
  return (
    <form
      ref={form}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        draft.save();
      }}
    >
      {groups.map(([group, keys]) => (
        <Card key={group} title={t(`groups.${group}`)} flush>
          {keys.map((key) => (
            <SettingRow key={key} setting={key} view={view} draft={draft} />
          ))}
        </Card>
      ))}
      {draft.error && (
        <ErrorPanel
          error={draft.error}
          title={t(conflict ? 'overtaken' : 'notSaved')}
          actions={
            conflict && (
              <Button size="compact-sm" onClick={() => void draft.keepMine()}>
                {t('keepMine')}
              </Button>
            )
          }
        />
      )}
      {draft.count > 0 && <SettingsSave draft={draft} />}
    </form>
  );
}
