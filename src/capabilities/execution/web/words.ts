export type Words =
  | { readonly words: readonly string[]; readonly problem?: undefined }
  | { readonly problem: 'quote' | 'backslash'; readonly words?: undefined };

/**
 * Words as a shell makes them of a line: split at spaces and line breaks, joined by quotes, `\` takes the next character
 * as it is. Nothing is expanded: `$HOME` and `*` stay what they are.
 */
export function splitWords(text: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at] ?? '';
    if (quote !== '' && mark === quote) quote = '';
    else if (quote === "'") word += mark;
    else if (mark === '\\') {
      const next = text[at + 1];
      if (next === undefined) return { problem: quote === '' ? 'backslash' : 'quote' };
      at += 1;
      word = (word ?? '') + escaped(next, quote);
    } else if (quote === '"') word += mark;
    else if (mark === '"' || mark === "'") {
      quote = mark;
      word ??= '';
    } else if (/\s/.test(mark)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + mark;
  }
  if (quote !== '') return { problem: 'quote' };
  if (word !== undefined) words.push(word);
  return { words };
}

/** In double quotes a backslash is one unless something that means something follows (POSIX shell 2.2.3). */
function escaped(next: string, quote: string): string {
  if (next === '\n') return '';
  return quote === '' || '"\\$`'.includes(next) ? next : `\\${next}`;
}

/** A line that `splitWords` makes these words of again. */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
