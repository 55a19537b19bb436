import type { ZodType, z } from 'zod';
import type { Role } from './role.ts';
import type { Actor } from './user.ts';

/** A request as a handler sees it: already authenticated, allowed, and parsed by the route's own schemas. */
export interface ApiRequest<Params, Query, Body> {
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** What a route that takes an upload is sent, as it comes; undefined when it came as something else. */
  readonly upload?: AsyncIterable<Uint8Array> | undefined;
  readonly idempotencyKey: string | undefined;
  /** For streams: the cursor of a client that comes back. */
  readonly lastEventId: string | undefined;
  /** True when the route can stream and the client asked for `text/event-stream`. */
  readonly wantsStream: boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export type ApiReply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly stream: AsyncIterable<ServerSentEvent> }
  /** A file that is made while it is sent; `headers` say its type and name. */
  | {
      readonly headers: Readonly<Record<string, string>>;
      readonly download: AsyncIterable<string | Uint8Array>;
    };

/**
 * One HTTP operation as data: who may call it, what goes in and comes out, and what it does. Capabilities list theirs in
 * their folder; `api/` alone knows the web framework, and writes OpenAPI from the same schemas.
 */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly role: Role | 'public';
  readonly params?: ZodType;
  readonly query?: ZodType;
  readonly body?: ZodType;
  readonly replies: Readonly<Record<number, ZodType>>;
  /** The media type, for a route that takes any bytes in place of JSON and holds them to a size itself. */
  readonly upload?: 'application/octet-stream';
  /** The media type, for a route that answers with a file. */
  readonly file?: string;
  /** What one server-sent event carries, for a route that can also stream. */
  readonly stream?: ZodType;
  /**
   * Every call of a route that is not GET is in the audit log: who, what, on what, how it went. `keep` names the fields
   * of query and body that are written down with it, which never hold a secret; `excused` says why no entry is needed.
   */
  readonly audit?: { readonly keep: readonly string[] } | { readonly excused: string };
  handle(request: ApiRequest<unknown, unknown, unknown>): Promise<ApiReply>;
}

interface TypedRoute<Params extends ZodType, Query extends ZodType, Body extends ZodType> extends Omit<
  ApiRoute,
  'handle' | 'params' | 'query' | 'body'
> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  handle(request: ApiRequest<z.infer<Params>, z.infer<Query>, z.infer<Body>>): Promise<ApiReply>;
}

/** Ties the handler's types to the route's schemas, then forgets them, so that routes of all kinds fit one list. */
export function route<Params extends ZodType, Query extends ZodType, Body extends ZodType>(
  definition: TypedRoute<Params, Query, Body>,
): ApiRoute {
  return definition as ApiRoute;
}

/** Who connects to a socket, and to what. */
export interface SocketRequest<Params, Query> {
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal;
}

/** One connection, as its capability sees it. */
export interface SocketSession {
  /** What goes to the client; the connection is closed at its end. The next is asked for when the client keeps up. */
  readonly frames: AsyncIterable<unknown>;
  /** Takes what came since the last call, one call at a time; a GantryError is told as a frame `refused`. */
  receive(frames: readonly unknown[]): Promise<void>;
}

/** A WebSocket as data, like `ApiRoute`: frames are JSON texts. */
export interface ApiSocket {
  /** Below `/api/v1`, with `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly role: Role;
  readonly params?: ZodType;
  readonly query?: ZodType;
  /** A frame of the client. */
  readonly receives: ZodType;
  /** A frame of the server, besides `heartbeat` and `refused`. */
  readonly sends: ZodType;
  /** Called before the upgrade: what it throws is answered as a problem. */
  open(request: SocketRequest<unknown, unknown>): Promise<SocketSession>;
}

interface TypedSocket<Params extends ZodType, Query extends ZodType> extends Omit<
  ApiSocket,
  'open' | 'params' | 'query'
> {
  readonly params?: Params;
  readonly query?: Query;
  open(request: SocketRequest<z.infer<Params>, z.infer<Query>>): Promise<SocketSession>;
}

/** The same as `route` for sockets. */
export function socket<Params extends ZodType, Query extends ZodType>(
  definition: TypedSocket<Params, Query>,
): ApiSocket {
  return definition as ApiSocket;
}
