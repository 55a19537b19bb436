/** The keys that the filter field knows, in the order in which they are offered. */
export const filterKeys = ['status', 'kind', 'by', 'origin', 'repo', 'after', 'before', 'parent'] as const;
export type FilterKey = (typeof filterKeys)[number];

/** A piece of what was typed: a token such as `status:failed`, or free text. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** Null for free text. */
  readonly key: FilterKey | null;
  readonly value: string;
}

const aliases: Readonly<Record<string, FilterKey>> = {
  ...Object.fromEntries(filterKeys.map((key) => [key, key])),
  capability: 'kind',
  repository: 'repo',
  user: 'by',
  since: 'after',
  until: 'before',
};

/** Takes the text of the filter field apart. A value with spaces stands in double quotes: `by:"Mira Okafor"`. */
export function piecesOf(text: string): Piece[] {
  return [...text.matchAll(/[^\s":]+:"[^"]*"?|"[^"]*"?|\S+/g)].map((match) => {
    const word = match[0];
    const from = match.index;
    const [, name = '', quoted] = /^([a-z]+):(.*)$/is.exec(word) ?? [];
    const key = aliases[name.toLowerCase()];
    return {
      from,
      to: from + word.length,
      key: key ?? null,
      value: unquoted(key === undefined ? word : (quoted ?? '')),
    };
  });
}

/** What the tokens say, the last of each key, and the rest as text. */
export function readFilter(text: string): {
  readonly tokens: Readonly<Partial<Record<FilterKey, string>>>;
  readonly words: string;
} {
  const pieces = piecesOf(text);
  const said = pieces.filter(({ key, value }) => key !== null && value !== '');
  return {
    tokens: Object.fromEntries(said.map(({ key, value }) => [key, value])),
    words: pieces.flatMap(({ key, value }) => (key === null && value !== '' ? [value] : [])).join(' '),
  };
}

/** The text with this token in place of those of its key; an empty value takes it out. */
export function withToken(text: string, key: FilterKey, value: string): string {
  const kept = piecesOf(text)
    .filter((piece) => piece.key !== key)
    .map((piece) => text.slice(piece.from, piece.to));
  return [...kept, ...(value === '' ? [] : [tokenText(key, value)])].join(' ');
}

export function tokenText(key: FilterKey, value: string): string {
  const plain = value.replaceAll('"', '');
  return /\s|^$/.test(plain) ? `${key}:"${plain}"` : `${key}:${plain}`;
}

/** The piece that is being typed at the caret: what a completion would replace. */
export function pieceAt(text: string, caret: number): Piece {
  const piece = piecesOf(text).find(({ from, to }) => from < caret && caret <= to);
  return piece ?? { from: caret, to: caret, key: null, value: '' };
}

/** Puts a completion in place of what is being typed; answers the text and where the caret goes. */
export function complete(text: string, caret: number, completion: string): { text: string; caret: number } {
  const { from, to } = pieceAt(text, caret);
  const space = completion.endsWith(':') || text.slice(to).startsWith(' ') ? '' : ' ';
  const head = `${text.slice(0, from)}${completion}${space}`;
  return { text: head + text.slice(to), caret: head.length };
}

function unquoted(value: string): string {
  return value.replaceAll('"', '');
}
