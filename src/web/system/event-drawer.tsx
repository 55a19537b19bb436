import { Button, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../base/inert.ts';
import type { FoundEvent } from '../../contract/system.ts';
import { exactTime } from '../format/time.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import classes from './events.module.css';
import drawer from './drawer-facts.module.css';
import { usePersonNames } from './use-person-names.ts';

interface EventDrawerProps {
  readonly event: FoundEvent | null;
  readonly onClose: () => void;
  readonly onOnlyRun: (runId: string) => void;
}

/** All of one event. */
export function EventDrawer({ event, onClose, onOnlyRun }: EventDrawerProps) {
  return (
    <Drawer opened={event !== null} onClose={onClose} title={event?.type ?? ''} size={480}>
      {event && <Details event={event} onOnlyRun={onOnlyRun} />}
    </Drawer>
  );
}

function Details({ event, onOnlyRun }: { event: FoundEvent; onOnlyRun: (runId: string) => void }) {
  const { t } = useTranslation('system');
  const people = usePersonNames();
  const { at, runId, seq, run, data } = event;
  const cut = cutOf(data);
  const text = cut ?? JSON.stringify(data, null, 2);
  return (
    <>
      <dl className={drawer.facts}>
        <dt>{t('events.at')}</dt>
        <dd>{exactTime(at)}</dd>
        <dt>{t('events.of')}</dt>
        <dd>{inert(run.title.slice(0, 500))}</dd>
        <dt>{t('events.kind')}</dt>
        <dd>{run.capability}</dd>
        <dt>{t('events.user')}</dt>
        <dd>{run.userId === null ? t('events.nobody') : (people.get(run.userId) ?? run.userId)}</dd>
        <dt>{t('workers.id')}</dt>
        <dd>
          <code>
            {runId}.{seq}
          </code>
        </dd>
      </dl>
      <pre className={classes.data} tabIndex={0} aria-label={t('events.data')}>
        {inertLines(text)}
      </pre>
      {cut !== undefined && <p>{t('events.cut')}</p>}
      <div className={classes.foot}>
        <CopyButton text={text} label={t('events.data')} />
        <Button variant="default" size="compact-sm" component={Link} to={`/runs/${runId}`}>
          {t('events.openRun')}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => onOnlyRun(runId)}>
          {t('events.run')}
        </Button>
      </div>
    </>
  );
}

/** The beginning of data that was too long for the list. */
function cutOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('cut' in data)) return undefined;
  return typeof data.cut === 'string' && Object.keys(data).length === 1 ? data.cut : undefined;
}
