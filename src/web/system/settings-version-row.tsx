import { Badge, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SettingsVersion } from '../../contract/settings.ts';
import { Ago } from '../parts/ago.tsx';
import { SettingsChanges } from './settings-changes.tsx';
import { isSettingKey } from './settings-fields.ts';
import classes from './settings.module.css';

interface SettingsVersionRowProps {
  readonly version: SettingsVersion;
  readonly isCurrent: boolean;
  readonly onRestore: () => void;
}

/** One version: number, who, when, why, and what it changed. */
export function SettingsVersionRow({ version, isCurrent, onRestore }: SettingsVersionRowProps) {
  const { t } = useTranslation('settings');
  const { by, at, note, restored } = version;
  const changes = version.changes.flatMap(({ key, from, to }) =>
    isSettingKey(key) ? [{ key, from, to }] : [],
  );
  return (
    <li className={classes.version}>
      <div className={classes.versionWords}>
        <p className={classes.versionHead}>
          <span className={classes.versionName}>{t('version', { version: version.version })}</span>
          {isCurrent && (
            <Badge color="ok" tt="none">
              {t('current')}
            </Badge>
          )}
          <span className={classes.meta}>
            {by.name}, <Ago at={at} />
            {restored !== null &&
              `, ${t('restoredFrom', {
                version: restored === 0 ? t('beginning') : t('version', { version: restored }).toLowerCase(),
              })}`}
          </span>
        </p>
        {note !== '' && <p className={classes.versionNote}>{note}</p>}
        <SettingsChanges changes={changes} />
      </div>
      {!isCurrent && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('restoreVersion', { version: version.version })}
          onClick={onRestore}
        >
          {t('restore')}
        </Button>
      )}
    </li>
  );
}
