import { connect } from 'node:net';

/** Sends bytes as they are, for requests that no HTTP client would make, and gives back all that came until the end. */
export async function sendRaw(address: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(address);
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (piece) => (text += piece.toString('latin1')));
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(text));
  socket.setTimeout(30_000, () => socket.destroy());
  socket.write(bytes);
  return promise;
}

/** The status of a raw answer, and its JSON body if it has one. */
export function readRaw(answer: string): { status: number; head: string; body: unknown } {
  const [head = '', rest = ''] = answer.split(/\r\n\r\n/, 2);
  const status = Number(head.split(' ')[1]);
  return { status, head: head.toLowerCase(), body: rest.startsWith('{') ? JSON.parse(rest) : rest };
}
