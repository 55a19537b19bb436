/**
 * What of a program's output an attached terminal is given: text, and the control sequences that only draw. All that
 * talks to the terminal itself is left out: titles, clipboard, links, queries that it would answer as if typed, device
 * control, changes of the character set, marks that reorder text.
 */
export interface ScreenFilter {
  push(text: string): string;
  /** Puts the screen back as it was, as far as the program has changed it. */
  end(): string;
}

const esc = '\u001b';
/** Colours, moving, erasing, inserting, scrolling; not reports (n, c), not window acts (t). */
const drawing = /^[@A-HJ-MPSTXZ`abdefmrsu]$/;
/** Keys and wrapping, cursor, other screen, pasted text in brackets. */
const modes = /^\?(1|7|12|25|1049|2004)(;(1|7|12|25|1049|2004))*$/;
const plainEscapes = /^[78DEHM=>]$/;
const active =
  /[\u0000-\u0006\u000e-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const longestHeld = 4096;

export function createScreenFilter(): ScreenFilter {
  let held = '';
  /** What ends the string that is being left out; undefined outside of one. */
  let inString = false;
  const changed = new Set<string>();

  const take = (text: string): string => {
    let out = '';
    let rest = held + text;
    held = '';
    while (rest !== '') {
      if (inString) {
        const end = /\u0007|\u001b\\|\u009c/.exec(rest);
        if (!end) {
          if (rest.endsWith(esc)) held = esc;
          return out;
        }
        rest = rest.slice(end.index + end[0].length);
        inString = false;
        continue;
      }
      const at = rest.indexOf(esc);
      out += (at < 0 ? rest : rest.slice(0, at)).replace(active, '');
      if (at < 0) return out;
      rest = rest.slice(at);
      const sequence = next(rest);
      if (sequence === undefined) {
        if (rest.length < longestHeld) held = rest;
        return out;
      }
      out += sequence.shown;
      inString = sequence.opens;
      rest = rest.slice(sequence.length);
    }
    return out;
  };
  /** The escape sequence that `text` begins with; undefined while it is incomplete. */
  const next = (text: string): { shown: string; length: number; opens: boolean } | undefined => {
    const second = text[1];
    if (second === undefined) return undefined;
    if (/[\]PX^_]/.test(second)) return { shown: '', length: 2, opens: true };
    if (second !== '[') {
      const shown = plainEscapes.test(second) ? text.slice(0, 2) : '';
      return { shown, length: /[ -/]/.test(second) ? 3 : 2, opens: false };
    }
    const found = /^\u001b\[([0-?]*)([ -/]*)([@-~])/.exec(text);
    if (!found) {
      const broken = /^\u001b\[[ -?]*[^ -?]/.test(text);
      return broken ? { shown: '', length: 2, opens: false } : undefined;
    }
    const [whole, parameters = '', between = '', last = ''] = found;
    const isMode = /^[hl]$/.test(last) && modes.test(parameters);
    if (isMode) for (const mode of parameters.slice(1).split(';')) changed.add(mode);
    if (last === 'r') changed.add('region');
    const draws = between === '' && (isMode || (drawing.test(last) && /^[\d;:]*$/.test(parameters)));
    return { shown: draws ? whole : '', length: whole.length, opens: false };
  };
  return {
    push: take,
    end: () => {
      const back = [
        ...(changed.has('1049') ? ['[?1049l'] : []),
        ...(changed.has('25') ? ['[?25h'] : []),
        ...(changed.has('2004') ? ['[?2004l'] : []),
        ...(changed.has('1') ? ['[?1l'] : []),
        ...(changed.has('7') ? ['[?7h'] : []),
        // Setting the region moves the cursor, which is therefore kept.
        ...(changed.has('region') ? ['7', '[r', '8'] : []),
        '[m',
      ];
      return back.map((each) => esc + each).join('');
    },
  };
}
