import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import type { Me } from '../api/me.ts';
import { webCapability } from '../capabilities.ts';
import { moneyText } from '../format/amount.ts';
import { exactTime, shortTime } from '../format/time.ts';
import type { Texts } from '../locales/texts.ts';
import { Status } from '../parts/status.tsx';
import { Took } from '../parts/took.tsx';
import { reasonOf, starterOf, waitOf } from './run-words.ts';
import classes from './run-table.module.css';

interface RunRowProps {
  readonly run: RunSummary;
  readonly me: Me | undefined;
  readonly nameOf: (id: string) => string;
  /** Undefined for who can do nothing with a selection. */
  readonly selected: boolean | undefined;
  readonly onSelect: (id: string, range: boolean) => void;
}

/** One run of the list. */
export const RunRow = memo(function RunRow({ run, me, nameOf, selected, onSelect }: RunRowProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const wait = waitOf(run, me, t, nameOf);
  const reason = reasonOf(run, t);
  const title = run.title.trim() === '' ? t('runs:untitled') : run.title;
  const cost = run.usage.usd;
  return (
    <tr data-run={run.id} data-waiting={wait.forPerson || undefined} data-selected={selected || undefined}>
      {selected !== undefined && (
        <td className={classes.select}>
          <Checkbox
            size="xs"
            checked={selected}
            aria-label={t('runs:selectRun', { title: title.slice(0, 100) })}
            onChange={() => undefined}
            onClick={(event) => onSelect(run.id, event.shiftKey)}
          />
        </td>
      )}
      <td className={classes.status}>
        <Status
          status={run.status}
          waitsForPerson={wait.forPerson}
          {...(wait.words && { words: wait.words })}
        />
      </td>
      <td className={classes.run}>
        <div className={classes.name}>
          <Link
            to="/runs/$runId"
            params={{ runId: run.id }}
            className={classes.title}
            title={title.slice(0, 500)}
          >
            <bdi>{title}</bdi>
          </Link>
          {reason !== undefined && (
            <span className={classes.tag} title={reason.slice(0, 500)}>
              <bdi>{reason.slice(0, 200)}</bdi>
            </span>
          )}
        </div>
      </td>
      <td className={classes.kind}>{webCapability(run.capability)?.kind(t) ?? run.capability}</td>
      <td className={classes.on} title={run.repository ?? undefined}>
        {run.repository ?? t('parts:unknown')}
      </td>
      <td className={classes.by}>
        <bdi>{starterOf(run, t, nameOf)}</bdi>
      </td>
      <td className={classes.id}>
        {run.id.slice(0, 8)}…{run.id.slice(-6)}
      </td>
      <td className={classes.started} data-number>
        <time dateTime={run.createdAt} title={exactTime(run.createdAt)}>
          {shortTime(run.createdAt)}
        </time>
      </td>
      <td className={classes.took} data-number data-live={run.status === 'running' || undefined}>
        <Took from={run.startedAt} to={run.status === 'queued' ? run.startedAt : run.finishedAt} />
      </td>
      <td className={classes.cost} data-number>
        {cost === undefined ? t('parts:unknown') : moneyText(cost)}
      </td>
    </tr>
  );
});
