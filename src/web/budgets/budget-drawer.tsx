import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BudgetRule } from '../../contract/budget.ts';
import { BudgetForm } from './budget-form.tsx';

interface BudgetDrawerProps {
  readonly editing: BudgetRule | 'new' | undefined;
  readonly onClose: () => void;
}

export function BudgetDrawer({ editing, onClose }: BudgetDrawerProps) {
  const { t } = useTranslation('budgets');
  return (
    <Drawer opened={editing !== undefined} onClose={onClose} title={t('form.title')} size={440}>
      {editing && <BudgetForm {...(editing !== 'new' && { rule: editing })} onDone={onClose} />}
    </Drawer>
  );
}
