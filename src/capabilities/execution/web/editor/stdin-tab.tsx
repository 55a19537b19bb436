import { SegmentedControl, Textarea } from '@mantine/core';
import type { Dispatch } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft, InputMode } from '../draft.ts';
import type { PlaygroundAction } from '../state/playground-state.ts';
import classes from './editor-card.module.css';

const modes: readonly InputMode[] = ['text', 'lines', 'terminal'];

/** What the program reads: a text that is there beforehand, or what is typed while it runs. */
export function StdinTab({ draft, dispatch }: { draft: Draft; dispatch: Dispatch<PlaygroundAction> }) {
  const { t } = useTranslation('playground');
  return (
    <div className={classes.pane}>
      <SegmentedControl
        aria-label={t('stdin.mode')}
        value={draft.mode}
        data={modes.map((value) => ({ value, label: t(`stdin.${value}`) }))}
        onChange={(mode) => dispatch({ type: 'edit', change: { mode } })}
      />
      {draft.mode !== 'text' && (
        <p className={classes.hint}>{t(draft.mode === 'lines' ? 'stdin.linesHint' : 'stdin.terminalHint')}</p>
      )}
      {draft.mode !== 'terminal' && (
        <Textarea
          label={t(draft.mode === 'text' ? 'stdin.label' : 'stdin.first')}
          description={t('stdin.description')}
          autosize
          minRows={8}
          maxRows={24}
          styles={{ input: { fontFamily: 'var(--g-mono)' } }}
          value={draft.stdin}
          onChange={(event) => dispatch({ type: 'edit', change: { stdin: event.currentTarget.value } })}
        />
      )}
    </div>
  );
}
