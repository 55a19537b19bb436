import { PassThrough } from 'node:stream';
import { terminalInputSchema, type TerminalInput } from '../../contract/terminal.ts';
import { stdinSignal } from '../../contract/stdin-signal.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { Sandbox } from '../../resources/ports/sandbox.ts';

/** What somebody types, on its way to the program. */
export interface Interaction {
  /** The program's standard input: what the request held, then what is sent. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Aborted when nothing came for too long. */
  readonly idle: AbortSignal;
  stop(): void;
}

interface InteractionOptions {
  readonly step: Pick<StepContext, 'messages' | 'log'>;
  readonly sandbox: Pick<Sandbox, 'interrupt' | 'resize'>;
  readonly first: Uint8Array;
  readonly hasTerminal: boolean;
  readonly idleMs: number;
}

/** What a terminal sends for Ctrl-C and Ctrl-D; its line discipline makes a signal and an end of them. */
const ctrlC = '\u0003';
const ctrlD = '\u0004';

/**
 * Hears what is sent to the run from its start: after a crash the program runs again and gets all of it again. What is
 * held for a program that doesn't read is bounded by what a run may be sent.
 */
export function openInteraction({
  step,
  sandbox,
  first,
  hasTerminal,
  idleMs,
}: InteractionOptions): Interaction {
  const stdin = new PassThrough();
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), idleMs);
  const write = (data: string | Uint8Array) => {
    if (!stdin.writableEnded) stdin.write(data);
  };
  if (first.length > 0) write(first);
  const take = (input: TerminalInput) => {
    switch (input.type) {
      case 'stdin':
        return write('text' in input ? input.text : Buffer.from(input.base64, 'base64'));
      case 'end':
        return hasTerminal ? write(ctrlD) : void stdin.end();
      case 'resize':
        return sandbox.resize({ rows: input.rows, cols: input.cols });
      case 'interrupt':
        return hasTerminal ? write(ctrlC) : sandbox.interrupt();
    }
  };
  const hear = async () => {
    for await (const { payload } of step.messages(stdinSignal)) {
      const input = inputOf(payload);
      if (!input) continue;
      timer.refresh();
      take(input);
    }
  };
  hear().catch((err: unknown) => step.log.debug({ err }, 'a program hears no input any more'));
  return {
    stdin,
    idle: idle.signal,
    stop: () => {
      clearTimeout(timer);
      stdin.end();
    },
  };
}

/** Scripts that send signals may send plain text; what is none of all that is nobody's input. */
function inputOf(payload: unknown): TerminalInput | undefined {
  if (typeof payload === 'string') return { type: 'stdin', text: payload };
  return terminalInputSchema.safeParse(payload).data;
}
