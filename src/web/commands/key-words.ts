const apple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const signs: Readonly<Record<string, string>> = {
  Mod: apple ? '⌘' : 'Ctrl',
  Alt: apple ? '⌥' : 'Alt',
  Shift: apple ? '⇧' : 'Shift',
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The keys of a command as they stand on a keyboard, one text per press: `g r` gives `G`, `R`. */
export function keyWords(keys: string): string[] {
  return keys.split(' ').map((press) =>
    press
      .split('+')
      .map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part))
      .join(apple ? '' : ' '),
  );
}
