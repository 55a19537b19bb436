import { NativeSelect, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { QuietHours } from '../../contract/settings.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { useChangeSettings } from './notification-queries.ts';
import classes from './notifications.module.css';

/** When nothing is sent; by the clock of a place, so that it holds on travels too. */
export function QuietHoursCard({ quietHours }: { quietHours: QuietHours | null }) {
  const { t } = useTranslation('notify');
  const change = useChangeSettings();
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const save = (quiet: QuietHours | null) => change.mutate({ quietHours: quiet });
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', here]);
  if (quietHours) zones.add(quietHours.timeZone);
  return (
    <Card title={t('quiet.title')}>
      <div className={classes.stack}>
        {change.error && <ErrorPanel error={change.error} />}
        <Switch
          label={t('quiet.switch')}
          description={t('quiet.hint')}
          checked={quietHours !== null}
          onChange={(event) =>
            save(event.currentTarget.checked ? { from: '22:00', to: '07:00', timeZone: here } : null)
          }
        />
        {quietHours && (
          <div className={classes.row}>
            {(['from', 'to'] as const).map((edge) => (
              <TextInput
                key={edge}
                type="time"
                label={t(`quiet.${edge}`)}
                value={quietHours[edge]}
                onChange={({ currentTarget: { value } }) =>
                  value !== '' && save({ ...quietHours, [edge]: value })
                }
              />
            ))}
            <NativeSelect
              label={t('quiet.zone')}
              data={[...zones].toSorted()}
              value={quietHours.timeZone}
              onChange={({ currentTarget: { value } }) => save({ ...quietHours, timeZone: value })}
            />
          </div>
        )}
      </div>
    </Card>
  );
}
