import type { TerminalFrame, TerminalInput } from '../../../../contract/terminal.ts';

export interface TerminalChannel {
  /** Rejects when there is no connection to be had. */
  deliver(input: TerminalInput): Promise<void>;
  close(): void;
}

/**
 * Keys go over a WebSocket, since a request for each would soon be too many. It is opened with the first key, and again
 * after it was lost. What the program writes comes another way: `after` is the event that is known already.
 */
export function createTerminalChannel(
  runId: string,
  after: () => number,
  onRefused: (error: Error) => void,
): TerminalChannel {
  let current: Promise<WebSocket> | undefined;
  function open(): Promise<WebSocket> {
    const address = new URL(`/api/v1/executions/${runId}/terminal?after=${after()}`, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address);
    const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('close', ({ reason }) => {
      current = undefined;
      reject(new Error(reason));
    });
    socket.addEventListener('message', ({ data }) => {
      const frame: TerminalFrame = JSON.parse(String(data));
      if (frame.type === 'refused') onRefused(new Error(frame.message));
    });
    return promise;
  }
  return {
    deliver: async (input) => {
      current ??= open();
      const socket = await current;
      socket.send(JSON.stringify(input));
    },
    close: () => void current?.then((socket) => socket.close()).catch(() => undefined),
  };
}
