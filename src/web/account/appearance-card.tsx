import { SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { UserSettings } from '../../contract/settings.ts';
import { patch } from '../api/client.ts';
import { mySettingsQuery, type MySettings } from '../api/my-settings.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import classes from './account.module.css';

const schemes = ['system', 'light', 'dark'] as const;

/** Colours and single keys; kept with the account, so that they hold in every browser. */
export function AppearanceCard() {
  const { t } = useTranslation('account');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const settings = useQuery(mySettingsQuery);
  const change = useMutation({
    mutationFn: (changes: Partial<UserSettings>) => patch<MySettings>('/me/settings', { changes }),
    onSuccess: (view) => queries.setQueryData(mySettingsQuery.queryKey, view),
  });
  const error = settings.error ?? change.error;
  const chosen = colorScheme === 'auto' ? 'system' : colorScheme;
  const choose = (scheme: (typeof schemes)[number]) => {
    setColorScheme(scheme === 'system' ? 'auto' : scheme);
    change.mutate({ colorScheme: scheme });
  };
  return (
    <Card title={t('look.title')}>
      <div className={classes.fields}>
        {error && <ErrorPanel error={error} />}
        <div role="group" aria-label={t('look.scheme')}>
          <p className={classes.note}>{t('look.scheme')}</p>
          <SegmentedControl
            aria-label={t('look.scheme')}
            data={schemes.map((value) => ({ value, label: t(`look.${value}`) }))}
            value={chosen}
            onChange={(value) => choose(schemes.find((each) => each === value) ?? 'system')}
          />
        </div>
        <Switch
          label={t('look.shortcuts')}
          description={t('look.shortcutsHint')}
          checked={settings.data?.values.shortcuts ?? true}
          disabled={!settings.data}
          onChange={(event) => change.mutate({ shortcuts: event.currentTarget.checked })}
        />
      </div>
    </Card>
  );
}
