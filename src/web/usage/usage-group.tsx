import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageGroup, UsageItem } from '../../contract/usage.ts';
import { useNames } from '../api/names.ts';
import { webCapability } from '../capabilities.ts';
import { countText, moneyText, shortCountText } from '../format/amount.ts';
import type { Texts } from '../locales/texts.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { Table } from '../parts/table.tsx';
import { figureText } from './usage-figures.ts';
import { useUsage } from './usage-queries.ts';
import classes from './usage-page.module.css';

const first = 8;

/** Who or what used most, in one table. */
export function UsageGroupCard({ by, days }: { by: Exclude<UsageGroup, 'day'>; days: number }) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const { data, error, refetch } = useUsage(days, by);
  const [all, setAll] = useState(false);
  const items = data?.by === by ? data.items : undefined;
  const nameOf = useNames(by === 'user' ? (items ?? []).map(({ key }) => key || null) : []);
  const label = (item: UsageItem) => {
    if (item.key === '') return t(`usage:none.${by}`);
    if (by === 'user') return nameOf(item.key);
    return by === 'capability' ? (webCapability(item.key)?.kind(t) ?? item.key) : item.key;
  };
  return (
    <Card title={t(`usage:by.${by}`)} flush>
      {items === undefined &&
        (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={3} />)}
      {items && (
        <Table
          name={t(`usage:by.${by}`)}
          head={
            <tr>
              <th>{t(`usage:group.${by}`)}</th>
              <th data-number>{t('usage:metric.runs')}</th>
              <th data-number>{t('usage:metric.failed')}</th>
              <th data-number>{t('usage:metric.wallMs')}</th>
              <th data-number>{t('usage:metric.tokens')}</th>
              <th data-number>{t('usage:metric.usd')}</th>
            </tr>
          }
        >
          {(all ? items : items.slice(0, first)).map((item) => (
            <tr key={item.key}>
              <td className={classes.key} title={item.key}>
                <bdi>{label(item)}</bdi>
              </td>
              <td data-number>{countText(item.runs)}</td>
              <td data-number>{countText(item.failed)}</td>
              <td data-number>{figureText('wallMs', item.wallMs)}</td>
              <td data-number>{shortCountText(Math.round(item.tokens))}</td>
              <td data-number>{moneyText(item.usd)}</td>
            </tr>
          ))}
        </Table>
      )}
      {items && items.length > first && !all && (
        <div className={classes.more}>
          <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
            {t('usage:showAll', { count: items.length })}
          </Button>
        </div>
      )}
    </Card>
  );
}
