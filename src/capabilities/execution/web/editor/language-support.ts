import { StreamLanguage, type StreamParser } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

const stream = async (load: Promise<StreamParser<unknown>>): Promise<Extension> =>
  StreamLanguage.define(await load);
const javascript = async (typescript: boolean) =>
  (await import('@codemirror/lang-javascript')).javascript({ typescript });
const cpp = async () => (await import('@codemirror/lang-cpp')).cpp();

/** What reads each language, loaded when a file of it is first shown. */
const loaders: Readonly<Record<string, () => Promise<Extension>>> = {
  python: async () => (await import('@codemirror/lang-python')).python(),
  javascript: () => javascript(false),
  typescript: () => javascript(true),
  bash: () => stream(import('@codemirror/legacy-modes/mode/shell').then(({ shell }) => shell)),
  ruby: () => stream(import('@codemirror/legacy-modes/mode/ruby').then(({ ruby }) => ruby)),
  perl: () => stream(import('@codemirror/legacy-modes/mode/perl').then(({ perl }) => perl)),
  php: async () => (await import('@codemirror/lang-php')).php(),
  lua: () => stream(import('@codemirror/legacy-modes/mode/lua').then(({ lua }) => lua)),
  c: cpp,
  'c++': cpp,
  go: async () => (await import('@codemirror/lang-go')).go(),
  rust: async () => (await import('@codemirror/lang-rust')).rust(),
  java: async () => (await import('@codemirror/lang-java')).java(),
};

const endings: Readonly<Record<string, string>> = {
  ...{ py: 'python', js: 'javascript', mjs: 'javascript', cjs: 'javascript', json: 'javascript' },
  ...{
    ts: 'typescript',
    mts: 'typescript',
    cts: 'typescript',
    sh: 'bash',
    bash: 'bash',
    rb: 'ruby',
    pl: 'perl',
  },
  ...{
    php: 'php',
    lua: 'lua',
    c: 'c',
    h: 'c++',
    cpp: 'c++',
    cc: 'c++',
    cxx: 'c++',
    hpp: 'c++',
    go: 'go',
    rs: 'rust',
  },
  java: 'java',
};

/** The language of a file by its ending; that of the program for a name without one; undefined for plain text. */
export function languageOfFile(name: string, programLanguage: string): string | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  if (dot < 0) return programLanguage in loaders ? programLanguage : undefined;
  return endings[base.slice(dot + 1).toLowerCase()];
}

/** Highlighting and indentation; nothing for a language that is unknown or can't be loaded now. */
export async function languageSupport(language: string | undefined): Promise<Extension> {
  const load = language !== undefined && Object.hasOwn(loaders, language) ? loaders[language] : undefined;
  return (await load?.().catch(() => [])) ?? [];
}
