import { inertStream } from '../base/inert.ts';

/**
 * Writes what a program wrote. A pipe gets the text unchanged; a terminal never acts on it: control sequences are shown
 * in visible form, each stream on its own.
 */
export interface LiveOutput {
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** Writes what was held back and ends an open line on the terminal, so that a notice starts on a line of its own. */
  end(): void;
}

interface Channel {
  push(text: string): void;
  end(): void;
}

export function openLiveOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): LiveOutput {
  let lineOpen = false;
  const channel = (target: NodeJS.WriteStream): Channel => {
    const inert = inertStream();
    const show = (text: string) => {
      if (text === '') return;
      target.write(text);
      lineOpen = !text.endsWith('\n');
    };
    return target.isTTY
      ? { push: (text) => show(inert.push(text)), end: () => show(inert.end()) }
      : { push: (text) => void target.write(text), end: () => {} };
  };
  const channels = { stdout: channel(stdout), stderr: channel(stderr) };
  return {
    write: (stream, text) => channels[stream].push(text),
    end() {
      channels.stdout.end();
      channels.stderr.end();
      if (lineOpen) (stdout.isTTY ? stdout : stderr).write('\n');
      lineOpen = false;
    },
  };
}
