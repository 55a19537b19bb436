import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetRule } from '../../contract/budget.ts';
import { useMay } from '../api/me.ts';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { BudgetDrawer } from './budget-drawer.tsx';
import { useBudgetRules } from './budget-queries.ts';
import { BudgetRules } from './budget-rules.tsx';
import { SpentToday } from './spent-today.tsx';

/** `/budgets`: what may be spent on models, and what was today. */
export default function BudgetsPage() {
  const { t } = useTranslation('budgets');
  const maySet = useMay('admin');
  const { data, error, refetch } = useBudgetRules();
  const [editing, setEditing] = useState<BudgetRule | 'new'>();
  const rules = data?.items;
  const set = <Button onClick={() => setEditing('new')}>{t('set')}</Button>;
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={maySet && rules !== undefined && rules.length > 0 ? set : undefined}
    >
      <SpentToday />
      {rules === undefined &&
        (error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={3} />)}
      {rules?.length === 0 && (
        <Card>
          <EmptyState
            title={t('empty.title')}
            text={maySet ? t('empty.text') : t('empty.member')}
            {...(maySet && { actions: set })}
          />
        </Card>
      )}
      {rules !== undefined && rules.length > 0 && (
        <Card title={t('rules')} note={t('rulesNote')} flush>
          <BudgetRules rules={rules} {...(maySet && { onEdit: setEditing })} />
        </Card>
      )}
      <BudgetDrawer editing={editing} onClose={() => setEditing(undefined)} />
    </Page>
  );
}
