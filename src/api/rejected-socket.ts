import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { GantryError } from '../base/errors.ts';
import { problemReply } from './problem-reply.ts';
import { bareHeaders } from './security-headers.ts';

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The head of the request is larger than 16 KiB.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
};

/** Answers what never became a request, because it is no HTTP, too large in its head, or too slow; then hangs up. */
export function rejectSocket(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [line, detail] = reasons[error.code ?? ''] ?? ['400 Bad Request', 'The request is not valid HTTP.'];
  const problem = problemReply(new GantryError('INPUT_INVALID', detail));
  const body = JSON.stringify({ ...problem.body, status: Number.parseInt(line, 10) });
  const headers = {
    ...problem.headers,
    'content-length': String(Buffer.byteLength(body)),
    ...bareHeaders,
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${line}\r\n${head.join('')}\r\n${body}`);
}

/** Node answers an unknown `Expect` with an empty 417; going on as without it is allowed and kinder. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
