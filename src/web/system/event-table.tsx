import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { FoundEvent } from '../../contract/system.ts';
import { clockTime, exactTime, shortTime } from '../format/time.ts';
import { Table } from '../parts/table.tsx';
import { gistOf } from './event-gist.ts';
import classes from './events.module.css';
import button from './row-button.module.css';
import folding from './folding.module.css';

interface EventTableProps {
  readonly events: readonly FoundEvent[];
  readonly onOpen: (event: FoundEvent) => void;
}

/** What happened, a line each. */
export function EventTable({ events, onOpen }: EventTableProps) {
  const { t } = useTranslation(['system', 'runs']);
  return (
    <div className={folding.events}>
      <Table
        name={t('system:events.title')}
        head={
          <tr>
            <th>{t('system:events.at')}</th>
            <th>{t('system:events.event')}</th>
            <th>{t('system:events.of')}</th>
            <th>{t('system:events.what')}</th>
          </tr>
        }
      >
        {events.map((event) => (
          <tr key={`${event.runId}.${event.seq}`}>
            <td className={classes.time}>
              <time dateTime={event.at} title={exactTime(event.at)}>
                {isToday(event.at) ? clockTime(event.at) : `${shortTime(event.at)} ${clockTime(event.at)}`}
              </time>
            </td>
            <td>
              <button type="button" className={button.open} onClick={() => onOpen(event)}>
                {event.type}
              </button>
            </td>
            <td>
              <Link to="/runs/$runId" params={{ runId: event.runId }} className={classes.run}>
                {event.run.title.trim() === '' ? t('runs:untitled') : event.run.title}
              </Link>
            </td>
            <td>
              <span className={classes.what}>{gistOf(event.data)}</span>
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

function isToday(at: string): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}
