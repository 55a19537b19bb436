import type { StoryEvent } from '../../kernel/context.ts';
import type { SandboxChunk } from '../../resources/ports/sandbox.ts';

/** Output waits this many milliseconds for more to travel with: a line often comes in two writes. */
const gatherMs = 4;

type Stream = SandboxChunk['stream'];

interface LiveOutput {
  write(chunk: SandboxChunk): void;
  /** Passes on what is left. A character that was cut in two is dropped where output was truncated. */
  end(truncated: boolean): { stdout: string; stderr: string };
}

/**
 * Makes text of a program's bytes while they come, in the order in which the host read them, and passes it on. Bytes that
 * aren't UTF-8 become U+FFFD.
 */
export function createLiveOutput(emit: (event: StoryEvent) => void, stage?: string): LiveOutput {
  const decoders = { stdout: decoder(), stderr: decoder() };
  const texts: Record<Stream, string[]> = { stdout: [], stderr: [] };
  let gathered: { stream: Stream; parts: string[] }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const passOn = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const { stream, parts } of gathered) {
      const data = { stream, text: parts.join('') };
      emit({ type: 'output', data: stage === undefined ? data : { ...data, stage } });
    }
    gathered = [];
  };
  const add = (stream: Stream, text: string) => {
    if (text === '') return;
    texts[stream].push(text);
    const last = gathered.at(-1);
    if (last?.stream === stream) last.parts.push(text);
    else gathered.push({ stream, parts: [text] });
  };

  return {
    write({ stream, data }) {
      add(stream, decoders[stream].decode(data, { stream: true }));
      if (gathered.length > 0) timer ??= setTimeout(passOn, gatherMs);
    },
    end(truncated) {
      if (!truncated)
        for (const stream of ['stdout', 'stderr'] as const) add(stream, decoders[stream].decode());
      passOn();
      return { stdout: texts.stdout.join(''), stderr: texts.stderr.join('') };
    },
  };
}

function decoder() {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
