import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ansiSpans, ansiText } from '../../../../base/ansi.ts';
import { addOutput, createRunLog, type OutputLine } from '../../../../contract/run-log.ts';
import { countText } from '../../../../web/format/amount.ts';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { LogText } from '../../../../web/parts/log-text.tsx';
import classes from './run-result.module.css';

const mostLines = 500;

interface StreamTextProps {
  readonly name: string;
  readonly text: string;
  readonly runId: string;
  /** It was cut at its limit. */
  readonly cut?: boolean;
}

/** What the program wrote to one stream, inert, with its colours; the beginning of it when it is long. */
export function StreamText({ name, text, runId, cut = false }: StreamTextProps) {
  const { t } = useTranslation('executionResult');
  const lines = useMemo(() => linesOf(text), [text]);
  return (
    <section className={classes.stream}>
      <div className={classes.bar}>
        <h2>{name}</h2>
        <span className={classes.note}>
          {text === '' ? t('nothing') : t('lines', { count: lines.length, figure: countText(lines.length) })}
        </span>
        {cut && <span className={classes.note}>{t('truncated')}</span>}
        {text !== '' && <CopyButton text={text.split('\n').map(ansiText).join('\n')} label={t('copy')} />}
      </div>
      {text !== '' && (
        <pre className={classes.text} tabIndex={0} role="region" aria-label={name}>
          {lines.slice(0, mostLines).map((line) => (
            <span key={line.key}>
              <LogText spans={ansiSpans(line.text, line.style)} />
              {'\n'}
            </span>
          ))}
        </pre>
      )}
      {lines.length > mostLines && (
        <p className={classes.bar}>
          <Link to="/runs/$runId" params={{ runId }} search={{ tab: 'log' }}>
            {t('cut', { shown: countText(mostLines) })}
          </Link>
        </p>
      )}
    </section>
  );
}

function linesOf(text: string): readonly OutputLine[] {
  const log = createRunLog();
  if (text !== '') addOutput(log, 1, '', { stream: 'stdout', text });
  return log.lines.filter((line) => line.kind === 'output');
}
