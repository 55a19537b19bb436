import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView, SettingsVersion } from '../../contract/settings.ts';
import { post } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { toast } from '../parts/toast.ts';
import { SettingsChanges } from './settings-changes.tsx';
import { differenceOf, overridesAt } from './settings-draft.ts';

interface RestoreSettingsProps {
  readonly view: InstanceSettingsView;
  /** Those that are loaded, newest first. */
  readonly versions: readonly SettingsVersion[];
  /** The version to bring back; 0 is the defaults. */
  readonly version: number;
  readonly onClose: () => void;
}

/** Shows what bringing a version back would change, and does it. */
export function RestoreSettings({ view, versions, version, onClose }: RestoreSettingsProps) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const wanted = overridesAt(view.overrides, view.version, versions, version) ?? {};
  const changes = differenceOf(view.overrides, wanted);
  const restore = async () => {
    const next = await post<InstanceSettingsView>('/settings/restore', {
      version: view.version,
      restore: version,
    });
    client.setQueryData(['settings'], next);
    void client.invalidateQueries({ queryKey: ['notice'] });
    toast(t('restored', { version }));
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      tone="ink"
      title={version === 0 ? t('restoreDefaultsTitle') : t('restoreTitle', { version })}
      text={
        changes.length === 0 ? (
          t('restoreNothing')
        ) : (
          <>
            {t('restoreText')}
            <SettingsChanges changes={changes} />
          </>
        )
      }
      action={version === 0 ? t('restoreDefaults') : t('restoreVersion', { version })}
      keep={t('keepNow')}
      onConfirm={restore}
    />
  );
}
