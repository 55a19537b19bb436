import { IconChevronDown, IconChevronRight, IconCheck, IconPlugConnectedX, IconX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../base/inert.ts';
import type { ToolUse } from '../../../contract/run-conversation.ts';
import { durationText } from '../../format/duration.ts';
import { LiveSquare } from '../../parts/status.tsx';
import { Took } from '../../parts/took.tsx';
import classes from './conversation.module.css';

const icon = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const mostText = 20_000;

interface ToolRowProps {
  /** Changed in place until it is answered; `state` says when. */
  readonly tool: ToolUse;
  readonly state: ToolUse['state'];
}

/** A call of a tool on one line; opened, what went in and what came out. All of it is text. */
export function ToolRow({ tool, state }: ToolRowProps) {
  const { t } = useTranslation('run');
  const [open, setOpen] = useState(false);
  const id = useId();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const added = sum(tool, 'added');
  const removed = sum(tool, 'removed');
  return (
    <li className={classes.tool}>
      <button
        type="button"
        className={classes.toolHead}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Chevron {...icon} />
        <Mark state={state} />
        <bdi className={classes.toolTitle}>{inert(tool.title.slice(0, 300))}</bdi>
        {tool.changes.length > 0 && (
          <span className={classes.changed}>
            <span data-tone="ok">+{added}</span> <span data-tone="bad">−{removed}</span>
          </span>
        )}
        <span className={classes.took}>
          {tool.durationMs === null ? (
            <Took from={tool.startedAt} to={state === 'running' ? null : tool.startedAt} />
          ) : (
            durationText(tool.durationMs)
          )}
        </span>
      </button>
      {open && (
        <div id={id} className={classes.toolBody}>
          <h4>{t('conversation.input', { tool: tool.tool.slice(0, 80) })}</h4>
          <pre tabIndex={0}>{inert(tool.input.slice(0, mostText))}</pre>
          <h4>{t(state === 'failed' ? 'conversation.failure' : 'conversation.output')}</h4>
          {tool.text === '' ? (
            <p className={classes.note}>
              {t(
                state === 'running'
                  ? 'conversation.runs'
                  : state === 'lost'
                    ? 'conversation.lost'
                    : 'conversation.silent',
              )}
            </p>
          ) : (
            <pre tabIndex={0}>{inert(tool.text.slice(0, mostText))}</pre>
          )}
          {tool.changes.length > 0 && (
            <ul className={classes.files}>
              {tool.changes.slice(0, 100).map((change) => (
                <li key={change.path}>
                  <bdi>{inert(change.path.slice(0, 300))}</bdi> {t(`conversation.change.${change.status}`)}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </li>
  );
}

function sum({ changes }: ToolUse, of: 'added' | 'removed'): number {
  return changes.reduce((all, change) => all + (change[of] ?? 0), 0);
}

function Mark({ state }: { state: ToolUse['state'] }) {
  const { t } = useTranslation('run');
  const name = t(`conversation.state.${state}`);
  return (
    <span className={classes.mark} data-state={state} role="img" aria-label={name} title={name}>
      {state === 'running' ? (
        <LiveSquare />
      ) : state === 'done' ? (
        <IconCheck {...icon} />
      ) : state === 'failed' ? (
        <IconX {...icon} />
      ) : (
        <IconPlugConnectedX {...icon} />
      )}
    </span>
  );
}
