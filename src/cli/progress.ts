import { formatDuration } from '../base/duration.ts';
import { inert } from '../base/inert.ts';
import { columnsOf } from './terminal.ts';

/** Shows what a long command is doing: one live line on a terminal, a plain line per step in a pipe. */
export interface Progress {
  step(message: string): void;
  /** Clears the live line, so that something else can be written. */
  pause(): void;
  /** The last call: leaves nothing behind but what was said in plain lines. */
  end(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export function openProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? liveLine(stream) : plainLines(stream);
}

function plainLines(stream: NodeJS.WriteStream): Progress {
  return {
    step: (message) => void stream.write(`${inert(message)}\n`),
    pause: () => {},
    end: () => {},
  };
}

function liveLine(stream: NodeJS.WriteStream): Progress {
  let message = '';
  let since = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const clear = () => stream.write('\r\x1b[K');
  const draw = () => {
    const seconds = performance.now() - since;
    const age = seconds > 2000 ? ` (${formatDuration(seconds)})` : '';
    const line = `${frames[frame++ % frames.length]} ${inert(message)}${age}`;
    stream.write(`\r\x1b[K${line.slice(0, columnsOf(stream) - 1)}`);
  };
  const pause = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = undefined;
    clear();
  };
  return {
    step(next) {
      message = next;
      since = performance.now();
      draw();
      timer ??= setInterval(draw, 100).unref();
    },
    pause,
    end: pause,
  };
}
