import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './settings.module.css';
import type { SettingsDraft } from './use-settings-draft.ts';

/** What is not saved yet, why, and the way to save or discard it; it stays in view. */
export function SettingsSave({ draft }: { draft: SettingsDraft }) {
  const { t } = useTranslation('settings');
  return (
    <div className={classes.save} role="region" aria-label={t('unsaved', { count: draft.count })}>
      <p className={classes.unsaved}>{t('unsaved', { count: draft.count })}</p>
      <TextInput
        className={classes.note}
        aria-label={t('note')}
        placeholder={t('notePlaceholder')}
        maxLength={300}
        value={draft.note}
        onChange={(event) => draft.setNote(event.currentTarget.value)}
      />
      <div className={classes.saveActions}>
        <Button variant="default" onClick={draft.discard}>
          {t('discard')}
        </Button>
        <Button type="submit" loading={draft.busy}>
          {t('save')}
        </Button>
      </div>
    </div>
  );
}
