import { Button, Tabs } from '@mantine/core';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../../base/format-bytes.ts';
import { byteLength } from '../byte-length.ts';
import type { Tab } from '../state/playground-state.ts';
import type { Playground } from '../state/use-playground.ts';
import { ArgsTab } from './args-tab.tsx';
import { BinaryFile } from './binary-file.tsx';
import type { Caret } from './code-editor.tsx';
import classes from './editor-card.module.css';
import { FileMenu } from './file-menu.tsx';
import { languageOfFile } from './language-support.ts';
import { StdinTab } from './stdin-tab.tsx';
import { useDroppedFiles } from './use-dropped-files.ts';

const CodeEditor = lazy(() => import('./code-editor.tsx'));

/** The program: its files, its input and its arguments. Files can be dropped in. */
export function EditorCard({ playground, onSave }: { playground: Playground; onSave(): void }) {
  const { t } = useTranslation('playground');
  const { state, dispatch } = playground;
  const [caret, setCaret] = useState<Caret>();
  const place = useRef<HTMLElement>(null);
  const dropping = useDroppedFiles(place, (files) => dispatch({ type: 'add', files }));
  return (
    <section
      ref={place}
      className={classes.card}
      aria-label={t('editor.card')}
      data-dropping={dropping || undefined}
    >
      <EditorTabs playground={playground} />
      <div className={classes.body} role="tabpanel" aria-label={t('editor.panel')}>
        <TabContent playground={playground} onCaret={setCaret} />
      </div>
      <Footer
        playground={playground}
        caret={typeof state.tab === 'number' ? caret : undefined}
        onSave={onSave}
      />
    </section>
  );
}

function EditorTabs({ playground: { state, dispatch } }: { playground: Playground }) {
  const { t } = useTranslation('playground');
  const { draft, tab } = state;
  const choose = (value: string | null) => {
    const chosen: Tab = value === 'stdin' || value === 'args' ? value : Number(value);
    dispatch({ type: 'tab', tab: chosen });
  };
  return (
    <div className={classes.head}>
      <Tabs
        value={String(tab)}
        onChange={choose}
        className={classes.tabs}
        classNames={{ list: classes.list, tab: classes.tab }}
      >
        <Tabs.List aria-label={t('editor.tabs')}>
          {draft.files.map(({ id, name }) => (
            <Tabs.Tab key={id} value={String(id)} title={name}>
              <span className={classes.name}>
                <bdi>{name}</bdi>
              </span>
              {id === draft.entry && draft.files.length > 1 && (
                <span className={classes.mark}>{t('editor.runs')}</span>
              )}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="stdin">
            {t('editor.stdin')}
            {draft.stdin !== '' && draft.mode === 'text' && (
              <span className={classes.mark}>{formatBytes(byteLength(draft.stdin))}</span>
            )}
          </Tabs.Tab>
          <Tabs.Tab value="args">{t('editor.args')}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <FileMenu state={state} dispatch={dispatch} />
    </div>
  );
}

function TabContent({
  playground: { state, dispatch },
  onCaret,
}: {
  playground: Playground;
  onCaret(caret: Caret): void;
}) {
  const { t } = useTranslation('playground');
  const { draft, tab } = state;
  if (tab === 'stdin') return <StdinTab draft={draft} dispatch={dispatch} />;
  if (tab === 'args') return <ArgsTab draft={draft} dispatch={dispatch} />;
  const file = draft.files.find(({ id }) => id === tab) ?? draft.files[0];
  if (!file) return null;
  if (file.encoding === 'base64') return <BinaryFile file={file} />;
  return (
    <Suspense fallback={null}>
      <CodeEditor
        file={file.id}
        value={file.content}
        label={t('editor.label', { name: file.name })}
        language={languageOfFile(file.name, draft.language)}
        onChange={(content) => dispatch({ type: 'write', file: file.id, content })}
        onCaret={onCaret}
      />
    </Suspense>
  );
}

interface FooterProps {
  readonly playground: Playground;
  readonly caret: Caret | undefined;
  onSave(): void;
}

function Footer({ playground: { state, changed }, caret, onSave }: FooterProps) {
  const { t } = useTranslation('playground');
  const { script } = state.base;
  return (
    <footer className={classes.footer}>
      <span className={classes.saved}>
        {script ? (
          <>
            {t('saved.as')} <strong>{script.name}</strong>, {t('saved.version', { version: script.version })}
            {changed && `, ${t('saved.changed')}`}
          </>
        ) : (
          t(changed ? 'saved.draft' : 'saved.none')
        )}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={onSave}>
        {t('saved.save')}
      </Button>
      {caret && (
        <span className={classes.caret} title={t('editor.leave')}>
          {t('editor.caret', { line: caret.line, column: caret.column })}
        </span>
      )}
      <span className="g-hidden">{t('editor.leave')}</span>
    </footer>
  );
}
