import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { styleNonce } from '../../../../web/nonce.ts';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import type { RunOutput } from '../output/output-store.ts';
import { allowStyles } from './allow-styles.ts';
import classes from './terminal.module.css';
import { terminalTheme } from './terminal-theme.ts';
import { useKeys } from './use-input.ts';

interface TerminalViewProps {
  readonly runId: string;
  readonly output: RunOutput;
  /** Whether keys go to the program: it runs, and the person may. */
  readonly open: boolean;
}

/** A terminal that shows what the program writes to its own, and sends it the keys. */
export default function TerminalView({ runId, output, open }: TerminalViewProps) {
  const { t } = useTranslation('playground');
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>(undefined);
  const { send, error } = useKeys(runId, () => output.lastSeq);
  const onData = useEffectEvent((text: string) => {
    // What is written again after a reload asks the terminal things; only a person's terminal answers.
    if (open && place.current?.contains(document.activeElement)) send({ type: 'stdin', text });
  });
  const onResize = useEffectEvent((size: { rows: number; cols: number }) => {
    if (open) send({ type: 'resize', rows: size.rows, cols: size.cols });
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const made = openTerminal(place.current);
    made.term.onData((text) => onData(text));
    made.term.onResize((size) => onResize(size));
    terminal.current = made.term;
    return made.close;
  }, []);
  useEffect(() => {
    const { current } = terminal;
    if (!current) return;
    current.options.disableStdin = !open;
    if (open) current.focus();
  }, [open]);
  const written = useRef({ count: 0, round: 0 });
  const { version } = output;
  useEffect(() => {
    const { current } = terminal;
    if (!current || version < 0) return;
    if (written.current.round !== output.round) {
      current.reset();
      written.current = { count: 0, round: output.round };
    }
    for (const text of output.raw.slice(written.current.count)) current.write(text);
    written.current.count = output.raw.length;
  }, [output, version]);
  return (
    <>
      <div className={classes.frame} role="group" aria-label={t('terminal.label')}>
        <div ref={place} className={classes.place} />
      </div>
      {error !== null && <ErrorPanel error={error} title={t('input.refused')} />}
    </>
  );
}

function openTerminal(place: HTMLElement): { term: Terminal; close(): void } {
  const forbidStyles = allowStyles(styleNonce());
  const term = new Terminal({
    convertEol: false,
    fontFamily: 'Commit Mono, ui-monospace, monospace',
    fontSize: 13,
    scrollback: 5000,
    screenReaderMode: true,
    theme: terminalTheme(),
  });
  const fit = new FitAddon();
  term.loadAddon(fit);
  term.open(place);
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(place);
  const schemed = new MutationObserver(() => {
    term.options.theme = terminalTheme();
  });
  schemed.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return {
    term,
    close: () => {
      resized.disconnect();
      schemed.disconnect();
      term.dispose();
      forbidStyles();
    },
  };
}
