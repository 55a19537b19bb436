import { styleAfter, type AnsiStyle } from '../base/ansi.ts';
import type { Event, EventBody } from './event.ts';

type Output = Extract<EventBody, { type: 'output' }>['data'];

/** A line that a program wrote. `text` is as it came, without its line break: `base/ansi.ts` makes it fit to show. */
export interface OutputLine {
  readonly kind: 'output';
  /** The event that it began in, and its place among the lines that began there: the same at every fold. */
  readonly key: string;
  readonly at: string;
  readonly stream: 'stdout' | 'stderr';
  readonly stage: string | undefined;
  text: string;
  /** The style that the lines before left it in. */
  style: AnsiStyle;
  /** The line before was too long and goes on here. */
  readonly continued: boolean;
  /** What a worker wrote that was lost: the step ran again, and so did its output. */
  lost: boolean;
}

/** What Gantry says between the program's lines. */
export interface EventLine {
  readonly kind: 'event';
  readonly key: string;
  readonly at: string;
  readonly event: Exclude<Event, { type: 'output' | 'usage' | 'said' }>;
}

export type LogLine = OutputLine | EventLine;

/** The log of a run as lines, in the order in which they began. Changed in place; `version` says that it was. */
export interface RunLog {
  readonly lines: LogLine[];
  /** How many lines were let go of at the front, to keep memory in bounds: line n is `lines[n - 1 - dropped]`. */
  dropped: number;
  version: number;
  /** Lines that their stream still writes to, by stage and stream. */
  readonly open: Map<string, OpenLine>;
  /** Number of lines before which nothing can be lost any more: the steps that wrote them are recorded. */
  safe: number;
}

interface OpenLine {
  line: OutputLine | undefined;
  style: AnsiStyle;
  /** A carriage return came last: what comes next overwrites the line, unless it is a line feed. */
  returned: boolean;
}

/** Longer lines go on in the next one, so that no line is too much to show. */
export const longestLine = 8192;
const mostLines = 400_000;

export function createRunLog(): RunLog {
  return { lines: [], dropped: 0, version: 0, open: new Map(), safe: 0 };
}

/** Adds what a program wrote; lines may come in pieces, and the streams between each other. */
export function addOutput(log: RunLog, seq: number, at: string, data: Output): void {
  const { stream, stage } = data;
  const place = `${stage ?? ''}:${stream}`;
  const open = log.open.get(place) ?? { line: undefined, style: 0, returned: false };
  log.open.set(place, open);
  let begun = 0;
  const begin = (continued: boolean): OutputLine => {
    const line: OutputLine = {
      ...{ kind: 'output', key: `${seq}.${begun++}`, at, stream, stage, text: '' },
      ...{ style: open.style, continued, lost: false },
    };
    log.lines.push(line);
    return line;
  };
  const write = (text: string) => {
    open.line ??= begin(false);
    let rest = text;
    while (open.line.text.length + rest.length > longestLine) {
      const room = longestLine - open.line.text.length;
      open.line.text += rest.slice(0, room);
      rest = rest.slice(room);
      open.style = styleAfter(open.line.text, open.line.style);
      open.line = begin(true);
    }
    open.line.text += rest;
  };
  const pieces = data.text.split('\n');
  for (const [index, piece] of pieces.entries()) {
    const ends = index < pieces.length - 1;
    put(open, piece, ends, write);
    if (!ends) break;
    if (!open.line) write('');
    close(open);
  }
  log.version += 1;
  dropOldest(log);
}

/** One piece without line feeds: a carriage return in it starts the line again; one before the line feed does nothing. */
function put(open: OpenLine, piece: string, ends: boolean, write: (text: string) => void): void {
  let end = piece.length;
  while (end > 0 && piece[end - 1] === '\r') end -= 1;
  if (end > 0) {
    const start = piece.lastIndexOf('\r', end - 1) + 1;
    if ((open.returned || start > 0) && open.line) {
      open.line.style = styleAfter(open.line.text, open.line.style);
      open.line.text = '';
    }
    if (start > 0 && open.line) open.line.style = styleAfter(piece.slice(0, start), open.line.style);
    else if (start > 0) open.style = styleAfter(piece.slice(0, start), open.style);
    write(piece.slice(start, end));
  }
  open.returned = !ends && (end < piece.length || (end === 0 && open.returned));
}

function close(open: OpenLine): void {
  if (open.line) open.style = styleAfter(open.line.text, open.line.style);
  open.line = undefined;
  open.returned = false;
}

/** Adds a line of Gantry's own. A program's line that is still open stays open. */
export function addEventLine(
  log: RunLog,
  event: Exclude<Event, { type: 'output' | 'usage' | 'said' }>,
): void {
  log.lines.push({ kind: 'event', key: `${event.seq}`, at: event.at, event });
  log.version += 1;
  dropOldest(log);
}

/** The steps that wrote all that is there are recorded: no loss of a worker makes it come again. */
export function keepOutput(log: RunLog): void {
  log.safe = log.dropped + log.lines.length;
}

/** The attempt was lost: marks the output that will come again, and begins new lines and plain style after it. */
export function loseOutput(log: RunLog): void {
  for (let index = Math.max(0, log.safe - log.dropped); index < log.lines.length; index += 1) {
    const line = log.lines[index];
    if (line?.kind === 'output') line.lost = true;
  }
  log.open.clear();
  log.version += 1;
  keepOutput(log);
}

/* A quarter at a time, so that it costs nothing on average. */
function dropOldest(log: RunLog): void {
  if (log.lines.length <= mostLines) return;
  const count = Math.floor(mostLines / 4);
  log.lines.splice(0, count);
  log.dropped += count;
}
