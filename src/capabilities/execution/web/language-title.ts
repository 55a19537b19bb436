const titles: Readonly<Record<string, string>> = {
  ...{
    python: 'Python',
    javascript: 'JavaScript',
    typescript: 'TypeScript',
    bash: 'Bash',
    ruby: 'Ruby',
    perl: 'Perl',
  },
  ...{ php: 'PHP', lua: 'Lua', c: 'C', 'c++': 'C++', go: 'Go', rust: 'Rust', java: 'Java' },
};

/** A language's name as people write it; names are the same in every tongue. */
export function languageTitle(name: string): string {
  return Object.hasOwn(titles, name) ? (titles[name] ?? name) : name;
}
