/*
 * Everything a terminal acts on instead of showing: C0 and C1 controls, DEL, the marks that reorder text (bidi
 * embeddings, overrides, isolates), the line and paragraph separators, and the invisible tag characters.
 */
const active =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;
const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One line of text that a terminal only shows: each control character becomes its visible escape, `\x1b`, `\n`, `\u202e`.
 * For titles, names and messages that others wrote.
 */
export function inert(text: string): string {
  return text.replace(active, (character) => named[character] ?? visible(character));
}

/** Text that comes in pieces, made inert; lines and tabs stay. */
export interface InertStream {
  push(text: string): string;
  /** What was held back; call once at the end. */
  end(): string;
}

/**
 * Makes the output of a program inert piece by piece. Line feeds and tabs stay; a carriage return starts a new line,
 * so that a progress bar reads as lines and can't overwrite what stands there already. One CR at the end of a piece is
 * held back, because CR LF may be cut in two.
 */
export function inertStream(): InertStream {
  let held = '';
  return {
    push(text) {
      const whole = held + text;
      held = whole.endsWith('\r') ? '\r' : '';
      return inertLines(whole.slice(0, whole.length - held.length));
    },
    end() {
      const rest = held === '' ? '' : '\n';
      held = '';
      return rest;
    },
  };
}

/** The same for a text that is there as a whole. */
export function inertLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(active, (character) =>
      character === '\n' || character === '\t' ? character : visible(character),
    );
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
