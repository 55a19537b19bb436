import { inert } from './inert.ts';

/** Colours that a program's output may have: names of the design's tokens, never the program's own values. */
export const inkNames = ['ink', 'bad', 'ok', 'you', 'live', 'text2', 'text3'] as const;
export type InkName = (typeof inkNames)[number];

/** A piece of a line in one style. `text` holds no control character. */
export interface Span {
  readonly text: string;
  readonly ink?: InkName;
  readonly paper?: InkName;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
}

/** The style that a line starts in, as the lines before left it: a packed number; 0 is plain. */
export type AnsiStyle = number;

const esc = '\u001b';
/** ANSI 0 to 7, then 8 to 15, as names; the numbers are those of `inkNames`, plus 1; 0 is the default. */
const palette = [1, 2, 3, 4, 5, 6, 5, 1, 7, 2, 3, 4, 5, 6, 5, 1] as const;

const paperShift = 4;
const bits = { bold: 256, dim: 512, italic: 1024, underline: 2048, inverse: 4096, strike: 8192 } as const;
const setting: Readonly<Record<number, number>> = {
  1: bits.bold,
  2: bits.dim,
  3: bits.italic,
  4: bits.underline,
  7: bits.inverse,
  9: bits.strike,
  21: bits.underline,
};
const clearing: Readonly<Record<number, number>> = {
  22: bits.bold | bits.dim,
  23: bits.italic,
  24: bits.underline,
  27: bits.inverse,
  29: bits.strike,
};

/*
 * ECMA-48: CSI sequences; strings (OSC, DCS, SOS, PM, APC) up to their end, on this line; other escapes. What is
 * malformed does not match, and is shown.
 */
const sequence = new RegExp(
  [
    `(?:${esc}\\[|\\u009b)([0-?]*)[ -/]*([@-~])`,
    `(?:${esc}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^${esc}\\u0007\\u0080-\\u009f]*(?:\\u0007|\\u009c|${esc}\\\\)`,
    `${esc}[ -/]+[0-~]`,
    `${esc}[0-OQ-WYZ\\\\\`-~=>]`,
  ].join('|'),
  'g',
);
const mayHoldSequence = /[\u001b\u0090-\u009f]/;

/**
 * One line of a program's output as spans that are safe to show: SGR (ECMA-48 8.3.117) becomes a name from a closed set,
 * other sequences are dropped, and every control or bidi character is shown as its escape. Tabs stay.
 */
export function ansiSpans(line: string, style: AnsiStyle = 0): Span[] {
  if (!mayHoldSequence.test(line)) return line === '' ? [] : [spanOf(line, style)];
  const spans: Span[] = [];
  let last = 0;
  let now = style;
  for (const match of line.matchAll(sequence)) {
    if (match.index > last) spans.push(spanOf(line.slice(last, match.index), now));
    last = match.index + match[0].length;
    if (match[2] === 'm') now = applySgr(now, match[1] ?? '');
  }
  if (last < line.length) spans.push(spanOf(line.slice(last), now));
  return spans;
}

/** The text alone, as `ansiSpans` shows it: for searching, copying and downloads. */
export function ansiText(line: string): string {
  return tabbed(mayHoldSequence.test(line) ? line.replace(sequence, '') : line);
}

/** The style in which the text after `line` starts. */
export function styleAfter(line: string, style: AnsiStyle): AnsiStyle {
  if (!mayHoldSequence.test(line)) return style;
  let now = style;
  for (const match of line.matchAll(sequence)) if (match[2] === 'm') now = applySgr(now, match[1] ?? '');
  return now;
}

function spanOf(raw: string, style: AnsiStyle): Span {
  const text = tabbed(raw);
  if (style === 0) return { text };
  const swapped = (style & bits.inverse) !== 0;
  const front = style & 15;
  const back = (style >> paperShift) & 15;
  const ink = inkNames[(swapped ? back : front) - 1];
  const paper = inkNames[(swapped ? front || 1 : back) - 1];
  return {
    text,
    ...(ink && { ink }),
    ...(paper && { paper }),
    ...(style & bits.bold && { bold: true }),
    ...(style & bits.dim && { dim: true }),
    ...(style & bits.italic && { italic: true }),
    ...(style & bits.underline && { underline: true }),
    ...(style & bits.strike && { strike: true }),
  };
}

function tabbed(text: string): string {
  return text.includes('\t') ? text.split('\t').map(inert).join('\t') : inert(text);
}

function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let now = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(at + 1, at + 5));
      at += used;
      now = code === 38 ? inked(now, colour) : papered(now, colour);
    } else now = applyCode(now, code);
  }
  return now;
}

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code === 0) return 0;
  if (code === 39) return inked(style, 0);
  if (code === 49) return papered(style, 0);
  if (code >= 30 && code <= 37) return inked(style, palette[code - 30] ?? 0);
  if (code >= 90 && code <= 97) return inked(style, palette[code - 82] ?? 0);
  if (code >= 40 && code <= 47) return papered(style, palette[code - 40] ?? 0);
  if (code >= 100 && code <= 107) return papered(style, palette[code - 92] ?? 0);
  return (style | (setting[code] ?? 0)) & ~(clearing[code] ?? 0);
}

const inked = (style: AnsiStyle, colour: number) => (style & ~15) | colour;
const papered = (style: AnsiStyle, colour: number) => (style & ~240) | (colour << paperShift);

/** `5;n` of the 256 colours or `2;r;g;b`, as the nearest name, and how many numbers that took. */
function extended([kind, a = 0, b = 0, c = 0]: readonly number[]): [colour: number, used: number] {
  if (kind === 2) return [nearest(a, b, c), 4];
  if (kind !== 5) return [0, 1];
  if (a < 16) return [palette[a] ?? 0, 2];
  if (a >= 232) return [nearest(a * 10 - 2312, a * 10 - 2312, a * 10 - 2312), 2];
  const step = (n: number) => (n === 0 ? 0 : 55 + n * 40);
  const cube = a - 16;
  return [nearest(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)), 2];
}

/** By hue; greys by lightness: a middle grey is secondary, black and white are ink. */
function nearest(red: number, green: number, blue: number): number {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  if (high - low < 40) return high > 70 && high < 190 ? 7 : 1;
  if (high === red) return green - low > (high - low) * 0.4 ? 4 : blue - low > (high - low) * 0.6 ? 6 : 2;
  if (high === green) return red - low > (high - low) * 0.7 ? 4 : blue - low > (high - low) * 0.7 ? 5 : 3;
  return red - low > (high - low) * 0.6 ? 6 : 5;
}
