import { styleText } from 'node:util';

/** Where a command writes: what it was asked for goes to stdout, everything about it to stderr. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Columns of the screen; a pipe has no end. */
  readonly columns: number;
  /** One line on stdout. */
  print(line: string): void;
  /** One line on stderr, for people. */
  note(line: string): void;
  /** What to do once nobody reads any more (`gantry runs | head`); without this the process ends as by SIGPIPE. */
  onReaderGone(handler: () => void): void;
}

type Style = Parameters<typeof styleText>[0];

const readerGoneExit = 141;
const writeFailedExit = 74;

/** The terminal or pipes of this process. */
export function openTerminal(): Terminal {
  const { stdout, stderr } = process;
  let readerGone: () => void = () => process.exit(readerGoneExit);
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') readerGone();
      else process.exit(writeFailedExit);
    });
  }
  return {
    stdout,
    stderr,
    columns: columnsOf(stdout),
    print: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    onReaderGone: (handler) => {
      readerGone = () => {
        readerGone = () => {};
        handler();
      };
    },
  };
}

/** `text` in a colour, if `stream` is a terminal and neither NO_COLOR nor its kin forbid it. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream): string {
  return styleText(style, text, { stream, validateStream: true });
}

/** Columns of a stream; a pipe has no end, and a terminal that doesn't know says 0. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
}
