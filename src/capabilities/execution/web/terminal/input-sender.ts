import type { TerminalInput } from '../../../../contract/terminal.ts';

export interface InputSender {
  send(input: TerminalInput): void;
  /** Resolves when all of it has been taken or refused. */
  idle(): Promise<void>;
}

const longestText = 60_000;

/**
 * Sends what is typed one after another, in its order; what comes while a piece is on its way travels together. What is
 * refused is told to `onRefused`, and what waited behind it is dropped with it.
 */
export function createInputSender(
  deliver: (input: TerminalInput) => Promise<unknown>,
  onRefused: (error: unknown) => void,
): InputSender {
  let waiting: TerminalInput[] = [];
  let work = Promise.resolve();
  let busy = false;
  async function drain(): Promise<void> {
    for (;;) {
      const [next, ...rest] = waiting;
      if (next === undefined) break;
      waiting = rest;
      try {
        await deliver(next);
      } catch (error) {
        waiting = [];
        onRefused(error);
      }
    }
    busy = false;
  }
  return {
    send: (input) => {
      waiting = joined(waiting, input);
      if (busy) return;
      busy = true;
      work = drain();
    },
    idle: () => work,
  };
}

/** Texts become one, and of sizes only the last counts. */
function joined(waiting: readonly TerminalInput[], input: TerminalInput): TerminalInput[] {
  const last = waiting.at(-1);
  const before = waiting.slice(0, -1);
  if (last?.type === 'resize' && input.type === 'resize') return [...before, input];
  const both = last?.type === 'stdin' && input.type === 'stdin' && 'text' in last && 'text' in input;
  if (both && last.text.length + input.text.length <= longestText)
    return [...before, { type: 'stdin', text: last.text + input.text }];
  return [...waiting, input];
}
