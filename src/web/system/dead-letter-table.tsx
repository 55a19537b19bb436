import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeadLetter } from '../../contract/system.ts';
import { remove } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Table } from '../parts/table.tsx';
import { DeadLetterRow } from './dead-letter-row.tsx';
import classes from './folding.module.css';
import type { useRetry } from './use-dead-letters.ts';

interface DeadLetterTableProps {
  readonly letters: readonly DeadLetter[];
  readonly retrying: ReturnType<typeof useRetry>;
}

/** Dead letters with their acts; what came of an act stands in the row. */
export function DeadLetterTable({ letters, retrying }: DeadLetterTableProps) {
  const { t } = useTranslation('system');
  const client = useQueryClient();
  const [asked, setAsked] = useState<DeadLetter | null>(null);
  const { retry, busy, error, outcome } = retrying;
  return (
    <>
      {error && <ErrorPanel error={error} />}
      <div className={classes.letters}>
        <Table
          name={t('dead.title')}
          head={
            <tr>
              <th>{t('dead.state')}</th>
              <th>{t('dead.what')}</th>
              <th>{t('dead.error')}</th>
              <th data-number>{t('dead.attempts')}</th>
              <th data-number>{t('dead.since')}</th>
              <th>{t('dead.action')}</th>
            </tr>
          }
        >
          {letters.map((letter) => (
            <DeadLetterRow
              key={letter.id}
              letter={letter}
              retriedAs={outcome?.started.get(letter.id) ?? letter.retriedAs}
              busy={busy?.includes(letter.id) ?? false}
              onRetry={() => void retry([letter.id]).catch(() => undefined)}
              onDiscard={() => setAsked(letter)}
            />
          ))}
        </Table>
      </div>
      <Confirm
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={t('dead.askDiscard')}
        text={t('dead.askDiscardText', { title: asked?.title.slice(0, 200) ?? '' })}
        action={t('dead.discardAction')}
        keep={t('dead.keepOne')}
        onConfirm={async () => {
          await remove(`/runs/${asked?.id ?? ''}`);
          await client.invalidateQueries({ queryKey: ['system'] });
        }}
      />
    </>
  );
}
