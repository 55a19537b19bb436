import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import { getDefaultExtensions } from '@uiw/react-codemirror';
import { useEffect, useRef } from 'react';
import { styleNonce } from '../../../../web/nonce.ts';
import classes from './code-editor.module.css';
import { editorTheme } from './editor-theme.ts';
import { languageSupport } from './language-support.ts';

export interface Caret {
  readonly line: number;
  readonly column: number;
}

interface CodeEditorProps {
  /** Which text it is: each keeps its own history, selection and place. A text that changes elsewhere is another one. */
  readonly file: number | string;
  readonly value: string;
  readonly label: string;
  /** What reads it, by the names of the table; undefined for plain text. */
  readonly language?: string | undefined;
  onChange(value: string): void;
  onCaret?(caret: Caret): void;
}

const reader = new Compartment();
const name = new Compartment();

/** A code editor. Tab indents; Esc and then Tab leaves it. */
export default function CodeEditor(props: CodeEditorProps) {
  const { file, label, language } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const kept = useRef(new Map<number | string, EditorState>());
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new EditorView({ parent: place.current, extensions: [nonced()] });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const doc = latest.current.value;
    const onUpdate = (update: ViewUpdate) => {
      kept.current.set(file, update.state);
      notice(update, latest.current);
    };
    const state =
      kept.current.get(file) ?? EditorState.create({ doc, extensions: extensionsOf(doc, onUpdate) });
    kept.current.set(file, state);
    view.current?.setState(state);
  }, [file]);

  useEffect(() => {
    view.current?.dispatch({ effects: name.reconfigure(named(label)) });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each file's state has a name of its own
  }, [file, label]);

  useEffect(() => {
    let current = true;
    void languageSupport(language).then((support) => {
      if (current) view.current?.dispatch({ effects: reader.reconfigure(support) });
    });
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each file's state has a reader of its own
  }, [file, language]);

  return <div ref={place} className={classes.editor} />;
}

function notice({ state, docChanged, selectionSet }: ViewUpdate, props: CodeEditorProps): void {
  if (docChanged) props.onChange(state.sliceDoc());
  if (!docChanged && !selectionSet) return;
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  props.onCaret?.({ line: line.number, column: head - line.from + 1 });
}

function nonced(): Extension {
  return EditorView.cspNonce.of(styleNonce());
}

function named(label: string): Extension {
  return EditorView.contentAttributes.of({ 'aria-label': label });
}

function extensionsOf(doc: string, onUpdate: (update: ViewUpdate) => void): Extension[] {
  return [
    nonced(),
    ...getDefaultExtensions({
      theme: 'none',
      basicSetup: { completionKeymap: false, autocompletion: false, foldGutter: false, lintKeymap: false },
    }),
    editorTheme,
    EditorView.contentAttributes.of({ tabindex: '0', autocapitalize: 'off', spellcheck: 'false' }),
    name.of([]),
    reader.of([]),
    // What is only looked at keeps its line ends.
    doc.includes('\r\n') && !/[^\r]\n/.test(doc) ? EditorState.lineSeparator.of('\r\n') : [],
    EditorView.updateListener.of(onUpdate),
  ];
}
