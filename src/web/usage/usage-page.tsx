import { Button, Menu, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { UsageGroup } from '../../contract/usage.ts';
import { queryText } from '../api/client.ts';
import { useMay, useMe } from '../api/me.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { UsageDays } from './usage-days.tsx';
import { rangeOf, spans } from './usage-figures.ts';
import { UsageGroupCard } from './usage-group.tsx';
import classes from './usage-page.module.css';
import { useUsage } from './usage-queries.ts';
import { UsageTotals } from './usage-totals.tsx';

const groups = ['day', 'capability', 'repository', 'user'] as const satisfies readonly UsageGroup[];

/** What runs used: by day, and by whom and what. */
export default function UsagePage() {
  const { t } = useTranslation('usage');
  const me = useMe();
  const mayStart = useMay('member');
  const { days, setDays } = useDays();
  const { data, error, refetch } = useUsage(days, 'day');
  const isEmpty = data !== undefined && data.total.runs === 0;
  return (
    <Page
      title={t('title')}
      lead={me?.role === 'member' ? t('leadOwn') : t('lead')}
      actions={
        <>
          <Select
            className={classes.span}
            comboboxProps={{ withinPortal: false }}
            aria-label={t('span.label')}
            allowDeselect={false}
            value={String(days)}
            data={spans.map((span) => ({ value: String(span), label: t('span.days', { count: span }) }))}
            onChange={(value) => setDays(Number(value))}
          />
          <ExportMenu days={days} />
        </>
      }
    >
      {data === undefined &&
        (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={8} />)}
      {isEmpty && (
        <EmptyState
          title={t('empty.title')}
          text={t('empty.text')}
          {...(mayStart && { command: 'gantry usage' })}
          actions={
            mayStart && (
              <Button renderRoot={(props) => <Link to="/playground" {...props} />}>
                {t('empty.action')}
              </Button>
            )
          }
        />
      )}
      {data !== undefined && !isEmpty && (
        <>
          <UsageTotals total={data.total} />
          <UsageDays report={data} />
          <div className={classes.groups}>
            <div className={classes.column}>
              <UsageGroupCard by="capability" days={days} />
              <UsageGroupCard by="repository" days={days} />
            </div>
            {me?.role !== 'member' && <UsageGroupCard by="user" days={days} />}
          </div>
        </>
      )}
    </Page>
  );
}

/** How far back the page looks, which stands in the address. */
function useDays() {
  const { days } = useSearch({ strict: false }) as { readonly days?: unknown };
  const navigate = useNavigate();
  return {
    days: spans.find((span) => span === Number(days)) ?? 30,
    setDays: (next: number) => void navigate({ to: '/usage', search: { days: next }, replace: true }),
  };
}

function ExportMenu({ days }: { days: number }) {
  const { t } = useTranslation('usage');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} stroke={1.75} aria-hidden="true" />}>
          {t('csv')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((by) => (
          <Menu.Item
            key={by}
            component="a"
            download
            href={`/api/v1/usage/export${queryText({ ...rangeOf(days), by })}`}
          >
            {t(`by.${by}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
