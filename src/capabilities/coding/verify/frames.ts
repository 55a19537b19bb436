/** What was heard of one program. */
export interface Heard {
  /** Undefined while it has not ended. */
  readonly code: number | undefined;
  readonly text: string;
  readonly durationMs: number;
}

export interface FrameListener {
  onText(index: number, text: string): void;
  /** All have ended; of some, output may still come. */
  onAllExited(): void;
}

export interface Frames {
  push(data: Uint8Array): void;
  heard(index: number): Heard;
}

/** How long the lines are that the script cuts output into, in bytes. */
const foldedAt = 2000;
const longestFrame = 4096;

interface Ear {
  readonly pieces: Buffer[];
  readonly decode: (piece: Uint8Array) => string;
  begun: number | undefined;
  ended: number | undefined;
  code: number | undefined;
}

/** Takes apart what the runner script prints. What is no line of its own is dropped. */
export function openFrames(nonce: string, count: number, { onText, onAllExited }: FrameListener): Frames {
  const ears = Array.from({ length: count }, (): Ear => ({
    pieces: [],
    decode: decoding(),
    begun: undefined,
    ended: undefined,
    code: undefined,
  }));
  const mark = Buffer.from(`${nonce} `);
  let rest: Buffer = Buffer.alloc(0);
  let exited = 0;
  const take = (frame: Buffer): void => {
    if (!frame.subarray(0, mark.length).equals(mark)) return;
    const [, number = '', kind] =
      /^(\d+)([<:>.])/.exec(frame.toString('latin1', mark.length, mark.length + 8)) ?? [];
    const index = Number(number);
    const ear = ears[index];
    if (!ear || number === '') return;
    const body = frame.subarray(mark.length + number.length + 1);
    if (kind === '<') ear.begun ??= performance.now();
    else if (kind === ':') {
      const piece = body.length === foldedAt ? body : Buffer.concat([body, Buffer.from('\n')]);
      ear.pieces.push(Buffer.from(piece));
      onText(index, ear.decode(piece));
    } else if (kind === '>' && ear.code === undefined) {
      ear.ended = performance.now();
      ear.code = Number(body.toString('latin1'));
      exited += 1;
      if (exited === count) onAllExited();
    }
  };
  return {
    push(data) {
      rest = Buffer.concat([rest, data]);
      let from = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, from)) {
        take(rest.subarray(from, end));
        from = end + 1;
      }
      rest = Buffer.from(rest.subarray(from));
      if (rest.length > longestFrame) rest = Buffer.alloc(0);
    },
    heard(index) {
      const { pieces = [], begun, ended, code } = ears[index] ?? {};
      // The script ends each output with a line feed of its own.
      const text = Buffer.concat(pieces).toString().replace(/\n$/, '');
      const durationMs = begun === undefined ? 0 : (ended ?? performance.now()) - begun;
      return { code, text, durationMs };
    },
  };
}

function decoding(): (piece: Uint8Array) => string {
  const decoder = new TextDecoder();
  return (piece) => decoder.decode(piece, { stream: true });
}
