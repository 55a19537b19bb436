import { draftOf, newFile, type Draft } from '../draft.ts';
import { firstExample } from '../examples/examples.ts';
import { languageTitle } from '../language-title.ts';
import type { OfferedLanguage } from '../queries.ts';
import { isChanged, type PlaygroundAction, type PlaygroundState } from './playground-state.ts';

/**
 * What choosing a language does: an example that nobody has touched gives way to one in the new language; a program of
 * one's own stays, its entry under the new language's ending.
 */
export function switchLanguage(
  state: PlaygroundState,
  language: string,
  version: string,
  offered: readonly OfferedLanguage[],
): PlaygroundAction {
  const { draft, base } = state;
  if (language === draft.language) return { type: 'edit', change: { version } };
  const example = draftOf(firstExample(language));
  if (base.kind === 'example' && !isChanged(state) && example)
    return {
      type: 'load',
      draft: { ...example, version },
      base: { kind: 'example' },
      name: languageTitle(language),
    };
  const entry = draft.files.find(({ id }) => id === draft.entry);
  const old = offered.find(({ name }) => name === draft.language)?.extensions ?? [];
  const ending = offered.find(({ name }) => name === language)?.extensions[0];
  const had = old.find((each) => entry?.name.endsWith(each));
  if (!entry || had === undefined || ending === undefined)
    return { type: 'edit', change: { language, version } };
  const name = entry.name.slice(0, -had.length) + ending;
  if (draft.files.some((file) => file.name === name)) return { type: 'edit', change: { language, version } };
  return { type: 'language', language, version, name };
}

/** A program of the same language with nothing in it. */
export function firstDraft({ language, version, files, entry }: Draft): Draft {
  const name = files.find(({ id }) => id === entry)?.name ?? 'main';
  const file = newFile(firstExample(language)?.files[0]?.name ?? name);
  const empty = {
    stdin: '',
    args: '',
    env: [],
    limits: {},
    compile: undefined,
    output: undefined,
    mode: 'text',
  } as const;
  return { language, version, files: [file], entry: file.id, ...empty };
}
