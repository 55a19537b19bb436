import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../parts/confirm.tsx';
import { actOn, mostAtOnce, type BulkOutcome } from './bulk.ts';
import classes from './action-bar.module.css';
import type { Selection } from './use-selection.ts';

interface ActionBarProps {
  readonly selection: Selection;
  readonly onDone: (outcome: BulkOutcome) => void;
}

/** What can be done with the selected runs; it stands in place of the filter. */
export function ActionBar({ selection, onDone }: ActionBarProps) {
  const { t } = useTranslation('runs');
  const [asking, setAsking] = useState<'cancel' | 'retry' | null>(null);
  // Kept while the question fades away, so that its words don't change.
  const [asked, setAsked] = useState<'cancel' | 'retry'>('cancel');
  const count = selection.ids.size;
  const tooMany = count > mostAtOnce;
  const ask = (action: 'cancel' | 'retry') => {
    setAsked(action);
    setAsking(action);
  };
  return (
    <div className={classes.bar} role="group" aria-label={t('selected', { count })}>
      <strong aria-live="polite">{t('selected', { count })}</strong>
      <Group gap={8} ml="auto">
        {tooMany && <span className={classes.note}>{t('tooMany', { count: mostAtOnce })}</span>}
        <Button variant="default" disabled={tooMany} onClick={() => ask('retry')}>
          {t('retry.button')}
        </Button>
        <Button variant="default" c="bad" disabled={tooMany} onClick={() => ask('cancel')}>
          {t('cancel.button')}
        </Button>
        <Button variant="subtle" onClick={() => selection.set([])}>
          {t('clearSelection')}
        </Button>
      </Group>
      <Confirm
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={t(`${asked}.title`, { count })}
        text={t(`${asked}.text`)}
        action={t(`${asked}.action`, { count })}
        keep={t(`${asked}.keep`)}
        tone={asked === 'cancel' ? 'bad' : 'ink'}
        onConfirm={async () => {
          onDone(await actOn(asked, [...selection.ids]));
          selection.set([]);
        }}
      />
    </div>
  );
}
