import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { Took } from '../../../../web/parts/took.tsx';
import type { GraphState } from '../graph/step-graph.tsx';
import { StepGraph } from '../graph/step-graph.tsx';
import type { WorkStep } from './work-view.ts';
import classes from './work.module.css';

const states: Readonly<Record<WorkStep['status'], GraphState>> = {
  ...{ open: 'idle', writing: 'active', verifying: 'active', waiting: 'waiting', done: 'done' },
  ...{ unchanged: 'done', skipped: 'skipped', failed: 'failed', stopped: 'skipped' },
};

/** The steps with what they depend on, and how far each is. Where there is little room, it is shown when it is asked for. */
export function WorkGraph({ steps }: { steps: readonly WorkStep[] }) {
  const { t } = useTranslation('codingWork');
  const narrow = useMediaQuery('(max-width: 760px)') ?? false;
  const [asked, setAsked] = useState(false);
  const items = steps.map(({ id, position, title, dependsOn, status, span }) => ({
    ...{ id, number: position, title: inert(title), dependsOn, state: states[status] },
    note: (
      <>
        {t(status === 'waiting' ? 'waiting' : `status.${status}`)}
        {span && status !== 'stopped' && (
          <>
            {' '}
            <Took from={span.startedAt} to={span.endedAt} />
          </>
        )}
      </>
    ),
  }));
  return (
    <div className={classes.graph}>
      {narrow && (
        <Button
          variant="default"
          size="compact-sm"
          m={12}
          aria-expanded={asked}
          onClick={() => setAsked(!asked)}
        >
          {t(asked ? 'hideGraph' : 'showGraph')}
        </Button>
      )}
      {(!narrow || asked) && <StepGraph name={t('graph')} items={items} />}
    </div>
  );
}
