import { IconGitPullRequest } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { isTerminal } from '../../../../contract/run-status.ts';
import type { RunSummary } from '../../../../contract/run.ts';
import type { Me } from '../../../../web/api/me.ts';
import { moneyText } from '../../../../web/format/amount.ts';
import type { Texts } from '../../../../web/locales/texts.ts';
import { Ago } from '../../../../web/parts/ago.tsx';
import { Status } from '../../../../web/parts/status.tsx';
import { reasonOf, waitOf } from '../../../../web/runs/run-words.ts';
import type { SessionPull } from '../../schema.ts';
import type { SessionStanding } from '../../session-reply.ts';
import classes from './sessions.module.css';

interface SessionRowProps {
  readonly run: RunSummary;
  /** Undefined until it is there. */
  readonly standing: SessionStanding | undefined;
  readonly me: Me | undefined;
  readonly nameOf: (id: string) => string;
}

/** One session: what it is for, how far it has come, and what came of it. */
export function SessionRow({ run, standing, me, nameOf }: SessionRowProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  const wait = waitOf(run, me, t, nameOf);
  const title = inert(run.title.trim() === '' ? t('runs:untitled') : run.title);
  const reason = reasonOf(run, t);
  const { commits = 0, pull = null } = standing ?? {};
  return (
    <tr data-run={run.id} data-waiting={wait.forPerson || undefined}>
      <td className={classes.status}>
        <Status
          status={run.status}
          waitsForPerson={wait.forPerson}
          {...(wait.words && { words: wait.words })}
        />
      </td>
      <td className={classes.goal}>
        <Link
          to="/runs/$runId"
          params={{ runId: run.id }}
          className={classes.title}
          title={title.slice(0, 500)}
        >
          <bdi>{title.slice(0, 300)}</bdi>
        </Link>
        {reason !== undefined && reason !== '' && (
          <span className={classes.reason} title={inert(reason.slice(0, 500))}>
            <bdi>{inert(reason.slice(0, 200))}</bdi>
          </span>
        )}
      </td>
      <td
        className={classes.repository}
        data-none={run.repository === null || undefined}
        title={run.repository ?? undefined}
      >
        {run.repository ?? t('parts:unknown')}
      </td>
      <td className={classes.phase} data-none={isTerminal(run.status) || undefined}>
        {isTerminal(run.status) ? t('parts:unknown') : <Phase standing={standing} />}
      </td>
      <td className={classes.commits} data-none={commits === 0 || undefined}>
        {standing === undefined ? t('parts:unknown') : commits}
        <span className={classes.narrow}> {t('sessions:columns.commits')}</span>
      </td>
      <td className={classes.pull} data-none={pull === null || undefined}>
        {pull === null ? t('parts:unknown') : <Pull pull={pull} />}
      </td>
      <td className={classes.cost} data-none={run.usage.usd === undefined || undefined}>
        {run.usage.usd === undefined ? t('parts:unknown') : moneyText(run.usage.usd)}
      </td>
      <td className={classes.started}>
        <Ago at={run.createdAt} />
      </td>
    </tr>
  );
}

function Phase({ standing }: { standing: SessionStanding | undefined }) {
  const { t } = useTranslation('parts');
  const { phase = null, message = null } = standing ?? {};
  if (phase === null) return t('unknown');
  return (
    <bdi title={message === null ? undefined : inert(message.slice(0, 300))}>{inert(phase.slice(0, 60))}</bdi>
  );
}

/** A link to where people talk about it; the address comes from the forge, so only those of the web are links. */
function Pull({ pull: { number, url, state, isDraft } }: { pull: SessionPull }) {
  const { t } = useTranslation('sessions');
  const words = t(`pull.${state === 'open' && isDraft ? 'draft' : state}`);
  const text = `#${number}`;
  return (
    <>
      <IconGitPullRequest size={14} stroke={1.75} aria-hidden="true" />{' '}
      {/^https?:\/\//.test(url) ? (
        <a
          href={url}
          target="_blank"
          rel="noreferrer noopener"
          aria-label={t('pullName', { number, state: words })}
        >
          {text}
        </a>
      ) : (
        text
      )}{' '}
      {words}
    </>
  );
}
