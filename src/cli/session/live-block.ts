/** Lines at the bottom of a terminal that are drawn over and over, under what scrolls by. */
export interface LiveBlock {
  /** Writes lines that stay, above the block. */
  print(lines: readonly string[]): void;
  /** Takes the block away until it is drawn again, so that somebody can be asked. */
  pause(): void;
  resume(): void;
  end(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const everyMs = 120;

/** `lines` answers what the block shows now; no line may be wider than the terminal. */
export function openLiveBlock(
  stream: NodeJS.WriteStream,
  lines: (spinner: string) => readonly string[],
): LiveBlock {
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\r\x1b[J`);
    drawn = 0;
  };
  const draw = () => {
    const fitting = lines(frames[frame++ % frames.length] ?? '').slice(-Math.max(1, (stream.rows || 24) - 1));
    const back = drawn > 0 ? `\x1b[${drawn}A\r` : '';
    stream.write(`${back}${fitting.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
    drawn = fitting.length;
  };
  const pause = () => {
    clearInterval(timer);
    timer = undefined;
    clear();
  };
  const resume = () => {
    if (timer) return;
    draw();
    timer = setInterval(draw, everyMs).unref();
  };
  return {
    print(all) {
      const isLive = timer !== undefined;
      clear();
      for (const line of all) stream.write(`${line}\n`);
      if (isLive) draw();
    },
    pause,
    resume,
    end: pause,
  };
}
