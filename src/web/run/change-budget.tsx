import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isTerminal } from '../../contract/run-status.ts';
import type { RunSummary } from '../../contract/run.ts';
import { useMay, useMe } from '../api/me.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import classes from './usage-card.module.css';

/** Beside the title of the card: whoever may set the budget of the run does it here. */
export function ChangeBudget({ run }: { run: RunSummary }) {
  const { t } = useTranslation('run');
  const [open, setOpen] = useState(false);
  const me = useMe();
  const may = useMay('member') && (me?.role === 'admin' || me?.userId === run.userId);
  if (!may || isTerminal(run.status)) return null;
  return (
    <>
      <UnstyledButton className={classes.change} onClick={() => setOpen(true)}>
        {t(run.budget ? 'budget.change' : 'budget.set')}
      </UnstyledButton>
      {open && <BudgetDialog runId={run.id} budget={run.budget} onClose={() => setOpen(false)} />}
    </>
  );
}
