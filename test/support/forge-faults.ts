import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * What a forge does wrong: `hang` never answers, `drop` cuts the connection, `cut` ends in the middle of the body, `lost`
 * does what was asked and then cuts the connection.
 */
export type Fault =
  | 'hang'
  | 'drop'
  | 'cut'
  | 'lost'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

export interface Faults {
  /** The next `times` requests (once unless given) whose `METHOD /path` fits go wrong this way. */
  add(on: RegExp, fault: Fault, times?: number): void;
  clear(): void;
  /** Whether the request was dealt with. */
  strike(request: IncomingMessage, reply: ServerResponse): boolean;
}

export function createFaults(): Faults {
  let planned: { readonly on: RegExp; readonly fault: Fault; left: number }[] = [];
  return {
    add: (on, fault, times = 1) => void planned.push({ on, fault, left: times }),
    clear: () => {
      planned = [];
    },
    strike: (request, reply) => {
      const line = `${request.method} ${request.url}`;
      const hit = planned.find((each) => each.left > 0 && each.on.test(line));
      if (!hit) return false;
      hit.left -= 1;
      const { fault } = hit;
      if (fault === 'lost') {
        reply.end = () => reply.destroy();
        return false;
      }
      if (fault === 'drop') request.socket.destroy();
      else if (fault === 'cut') cut(reply);
      else if (fault !== 'hang') {
        const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
        const type = text.startsWith('<') ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
        reply.writeHead(fault.status, { 'content-type': type, ...fault.headers }).end(text);
      }
      return true;
    },
  };
}

function cut(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  reply.write('{"id": 1, "name": "sho', () => reply.destroy());
}
