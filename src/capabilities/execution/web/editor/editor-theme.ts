import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const style = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: 'var(--g-live)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--g-ok)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--g-you)' },
  { tag: [tags.comment, tags.meta], color: 'var(--g-text3)', fontStyle: 'italic' },
  {
    tag: [
      tags.definition(tags.variableName),
      tags.definition(tags.propertyName),
      tags.definition(tags.typeName),
    ],
    fontWeight: '700',
  },
  { tag: tags.invalid, color: 'var(--g-bad)' },
]);

const frame = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--g-surface)', color: 'var(--g-ink)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--g-mono)', lineHeight: '21px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--g-ink)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--g-ink)' },
  '.cm-gutters': { border: 'none', backgroundColor: 'var(--g-surface)', color: 'var(--g-text3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '28px', paddingRight: '10px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--g-sunken)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--g-live-tint) !important',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--g-live-line)',
  },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--g-bad-tint)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--g-idle-tint)' },
  '.cm-searchMatch': { backgroundColor: 'var(--g-you-tint)', outline: '1px solid var(--g-you-line)' },
  '.cm-foldPlaceholder': { border: 'none', backgroundColor: 'var(--g-idle-tint)', color: 'var(--g-text2)' },
  '.cm-specialChar': { color: 'var(--g-bad)' },
  '.cm-panels': { borderColor: 'var(--g-line)', backgroundColor: 'var(--g-sunken)', color: 'var(--g-ink)' },
  '.cm-panels input, .cm-panels button': { font: '13px/20px var(--g-text)', color: 'var(--g-ink)' },
  '.cm-tooltip': {
    border: '1px solid var(--g-line)',
    backgroundColor: 'var(--g-surface)',
    color: 'var(--g-ink)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--g-hover) !important',
    color: 'var(--g-ink) !important',
  },
});

/** The editor in the house's colours, which follow the scheme by themselves. */
export const editorTheme = [frame, syntaxHighlighting(style)];
