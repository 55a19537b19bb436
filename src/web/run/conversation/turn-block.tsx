import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazy, memo, Suspense } from 'react';
import type { Turn } from '../../../contract/run-conversation.ts';
import { moneyText, shortCountText } from '../../format/amount.ts';
import { durationText } from '../../format/duration.ts';
import { exactTime } from '../../format/time.ts';
import { LiveSquare } from '../../parts/status.tsx';
import classes from './conversation.module.css';
import { ToolRow } from './tool-row.tsx';

const Prose = lazy(() => import('../../parts/prose.tsx'));

interface TurnBlockProps {
  readonly turn: Turn;
  /** Of the last turn, which still changes in place; nothing of those that are done. */
  readonly version: number | undefined;
  readonly isNamed: boolean;
  readonly isLive: boolean;
}

/** One call of a model: what it thought and said, the tools that it called, and what that cost. */
export const TurnBlock = memo(function TurnBlock({ turn, isNamed, isLive }: TurnBlockProps) {
  const { t } = useTranslation('run');
  const { model, tools, text } = turn;
  const speaks = isLive && model === null;
  return (
    <li className={classes.turn}>
      {isNamed && <p className={classes.agent}>{turn.agent}</p>}
      {turn.reasoning !== '' && <Reasoning text={turn.reasoning} isOpen={speaks && text === ''} />}
      {text !== '' && (
        <Suspense fallback={<p className={classes.plain}>{text}</p>}>
          <Prose text={text} />
        </Suspense>
      )}
      {speaks && (
        <p className={classes.thinks}>
          <LiveSquare /> {t(text === '' ? 'conversation.thinks' : 'conversation.writes')}
        </p>
      )}
      {tools.length > 0 && (
        <ul className={classes.tools}>
          {tools.map((tool, index) => (
            <ToolRow key={`${tool.callId} ${index}`} tool={tool} state={tool.state} />
          ))}
        </ul>
      )}
      {model && (
        <p className={classes.cost} title={exactTime(turn.at)}>
          <code>{model.model.slice(0, 100)}</code>
          <span>
            {t('conversation.tokens', {
              in: shortCountText(model.inputTokens),
              out: shortCountText(model.outputTokens),
            })}
          </span>
          <span>{model.fromCache ? t('conversation.cached') : durationText(model.durationMs)}</span>
          {model.usd !== null && !model.fromCache && <span>{moneyText(model.usd)}</span>}
          {model.finish === 'length' && <span data-tone="bad">{t('conversation.cut')}</span>}
          {model.finish === 'refused' && <span data-tone="bad">{t('conversation.refused')}</span>}
        </p>
      )}
    </li>
  );
});

function Reasoning({ text, isOpen }: { text: string; isOpen: boolean }) {
  const { t } = useTranslation('run');
  const [opened, setOpened] = useState(false);
  const open = opened || isOpen;
  return (
    <div className={classes.reasoning}>
      <button type="button" aria-expanded={open} onClick={() => setOpened(!open)}>
        {t('conversation.reasoning')}
      </button>
      {open && <p className={classes.plain}>{text}</p>}
    </div>
  );
}
