import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Check, DoctorReport } from '../../contract/system.ts';
import { get } from '../api/client.ts';
import { Ago } from '../parts/ago.tsx';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { LiveSquare, StatusWord } from '../parts/status.tsx';
import { Table } from '../parts/table.tsx';
import classes from './overview.module.css';
import { SystemLayout } from './system-layout.tsx';

/** What this machine offers, and what to do about each gap. */
export default function DoctorPage() {
  const { t } = useTranslation('system');
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['system', 'doctor'],
    queryFn: ({ signal }) => get<DoctorReport>('/system/doctor', undefined, signal),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return (
    <SystemLayout
      title={t('doctor.title')}
      lead={
        <>
          <span>{t('doctor.lead')}</span>
          {isFetching && (
            <StatusWord tone="live" icon={<LiveSquare />}>
              {t('doctor.looking')}
            </StatusWord>
          )}
        </>
      }
      actions={
        <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
          {t('doctor.run')}
        </Button>
      }
    >
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <Card
          title={t(data.healthy ? 'doctor.healthy' : 'doctor.unhealthy')}
          note={
            <>
              {t('doctor.at')} <Ago at={data.at} />
            </>
          }
          flush
        >
          <Table
            name={t('doctor.title')}
            head={
              <tr>
                <th>{t('doctor.state')}</th>
                <th>{t('doctor.check')}</th>
                <th>{t('doctor.found')}</th>
                <th>{t('doctor.todo')}</th>
              </tr>
            }
          >
            {data.checks.map((check) => (
              <tr key={check.name + check.detail}>
                <td>
                  <CheckState state={check.state} />
                </td>
                <td>{check.name}</td>
                <td className={classes.wrap}>{check.detail}</td>
                <td className={classes.wrap}>{check.remedy ?? '–'}</td>
              </tr>
            ))}
          </Table>
        </Card>
      )}
    </SystemLayout>
  );
}

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;
const looks = {
  ok: { tone: 'ok', mark: <IconCheck {...icon} /> },
  gap: { tone: 'idle', mark: <IconAlertTriangle {...icon} /> },
  missing: { tone: 'bad', mark: <IconX {...icon} /> },
} as const;

function CheckState({ state }: { state: Check['state'] }) {
  const { t } = useTranslation('system');
  return (
    <StatusWord tone={looks[state].tone} icon={looks[state].mark}>
      {t(`doctor.${state}`)}
    </StatusWord>
  );
}
