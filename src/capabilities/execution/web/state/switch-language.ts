import { draftOf, newFile, type Draft } from '../draft.ts';
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
  const next = offered.find(({ name }) => name === language);
  const example = draftOf(next?.examples[0] && { language, ...next.examples[0] });
  if (base.kind === 'example' && !isChanged(state) && example)
    return {
      type: 'load',
      draft: { ...example, version },
      base: { kind: 'example' },
      name: languageTitle(language),
    };
  const entry = draft.files.find(({ id }) => id === draft.entry);
  const old = offered.find(({ name }) => name === draft.language)?.extensions ?? [];
  const ending = next?.extensions[0];
  const had = old.find((each) => entry?.name.endsWith(each));
  if (!entry || had === undefined || ending === undefined)
    return { type: 'edit', change: { language, version } };
  const name = entry.name.slice(0, -had.length) + ending;
  if (draft.files.some((file) => file.name === name)) return { type: 'edit', change: { language, version } };
  return { type: 'language', language, version, name };
}

/** A program of the same language with nothing in it. */
export function emptyDraft({ language, version }: Draft, offered: readonly OfferedLanguage[]): Draft {
  const file = newFile(offered.find(({ name }) => name === language)?.fileName ?? 'main');
  const empty = {
    stdin: '',
    args: '',
    env: [],
    limits: {},
    models: [],
    compile: undefined,
    output: undefined,
  } as const;
  return { language, version, files: [file], entry: file.id, mode: 'text', ...empty };
}
