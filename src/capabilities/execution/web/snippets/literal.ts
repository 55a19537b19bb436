/** How a language writes what JSON can hold. */
export interface Literals {
  readonly indent: string;
  readonly words: { readonly true: string; readonly false: string; readonly null: string };
  /** A key of an object. */
  key(name: string): string;
  /** What follows the last item. */
  readonly last: ',' | '';
  /** A text of several lines, one literal each; `inner` indents them, `outer` is how far its statement is indented. */
  lines(literals: readonly string[], inner: string, outer: string): string;
}

/* Marks that turn text round or can't be seen: as escapes, the code shows what it holds. */
const unseen =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** A string literal that JSON, Python and JavaScript read alike: in double quotes, visible throughout. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(unseen, (mark) =>
    Array.from(
      { length: mark.length },
      (_, at) => `\\u${mark.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** `value` in the syntax of `literals`, as code that can be read: long texts line by line. */
export function literalOf(value: unknown, literals: Literals, pad = ''): string {
  if (typeof value === 'string') return textOf(value, literals, pad);
  if (typeof value === 'number') return String(value);
  if (value === null) return literals.words.null;
  if (typeof value === 'boolean') return value ? literals.words.true : literals.words.false;
  const inner = pad + literals.indent;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const items = value.map((each) => inner + literalOf(each, literals, inner));
    return `[\n${items.join(',\n')}${literals.last}\n${pad}]`;
  }
  const entries = Object.entries(value as object).filter(([, each]) => each !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(
    ([name, each]) => `${inner}${literals.key(name)}: ${literalOf(each, literals, inner)}`,
  );
  return `{\n${lines.join(',\n')}${literals.last}\n${pad}}`;
}

function textOf(text: string, literals: Literals, pad: string): string {
  const lines = text.split(/(?<=\n)/);
  return lines.length < 2 ? quoted(text) : literals.lines(lines.map(quoted), pad + literals.indent, pad);
}
