import { CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Key } from '../parts/key.tsx';
import { completionsAt, type Offers } from './completions.ts';
import { complete } from './filter-text.ts';
import classes from './filter-bar.module.css';

interface FilterFieldProps {
  /** What the address says. */
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly offers: Offers;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

const pauseMs = 350;

/** One field for text and `key:value` tokens, which are completed while typing. */
export function FilterField({ value, onChange, offers, inputRef }: FilterFieldProps) {
  const { t } = useTranslation('runs');
  const { text, edit, settle } = useDraft(value, onChange);
  const [caret, setCaret] = useState(text.length);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const completions = completionsAt(text, caret, offers);
  const choose = (completion: string) => {
    const done = complete(text, caret, completion);
    edit(done.text);
    setCaret(done.caret);
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(done.caret, done.caret));
  };
  const noteCaret = () => setCaret(inputRef.current?.selectionStart ?? text.length);
  return (
    <Combobox store={combobox} onOptionSubmit={choose} shadow="g" withinPortal={false}>
      <Combobox.Target autoComplete="off">
        <TextInput
          ref={inputRef}
          className={classes.field}
          aria-label={t('filter.label')}
          placeholder={t('filter.placeholder')}
          value={text}
          spellCheck={false}
          leftSection={<IconSearch size={16} stroke={1.75} aria-hidden="true" />}
          rightSection={
            text === '' ? (
              <Key>/</Key>
            ) : (
              <CloseButton size="sm" aria-label={t('filter.clear')} onClick={() => edit('', true)} />
            )
          }
          onChange={(event) => {
            edit(event.currentTarget.value);
            noteCaret();
            combobox.openDropdown();
          }}
          onSelect={noteCaret}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            settle();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
              combobox.closeDropdown();
              settle();
            }
            if (event.key === 'Escape' && !combobox.dropdownOpened) event.currentTarget.blur();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={completions.length === 0}>
        <Combobox.Options aria-label={t('filter.label')}>
          {completions.map((completion) => (
            <Combobox.Option key={completion.text} value={completion.text} className={classes.option}>
              <code>{completion.text}</code>
              {completion.explains && <span>{t(`filter.hint.${completion.explains}`)}</span>}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** What is being typed; it becomes the filter after a pause, at Enter, and when the field is left. */
function useDraft(value: string, onChange: (text: string) => void) {
  const [draft, setDraft] = useState({ text: value, sent: value, seen: value });
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  // The address has changed: by what was typed here, by a chip, or by going back.
  if (value !== draft.seen)
    setDraft(value === draft.sent ? { ...draft, seen: value } : { text: value, sent: value, seen: value });
  const send = (text: string) => {
    window.clearTimeout(timer.current);
    const next = text.trim();
    if (next === draft.sent) return;
    setDraft((before) => ({ ...before, text, sent: next }));
    onChange(next);
  };
  const edit = (text: string, atOnce = false) => {
    window.clearTimeout(timer.current);
    setDraft((before) => ({ ...before, text }));
    if (atOnce) send(text);
    else timer.current = window.setTimeout(() => send(text), pauseMs);
  };
  const { text } = draft;
  return { text, edit, settle: () => send(text) };
}
