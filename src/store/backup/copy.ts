import { once } from 'node:events';
import { type Duplex, Readable } from 'node:stream';
import type { Client, Connection } from 'pg';

/** The part of pg's connection that speaks the COPY protocol (PostgreSQL documentation, 54.2.6). */
interface CopyConnection {
  readonly stream: Duplex;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** What pg calls on the query that it is working on. */
interface CopyQuery {
  submit(connection: Connection): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCommandComplete(message: { readonly text?: string }): void;
  handleCopyInResponse(connection: CopyConnection): void;
  handleCopyData(message: { readonly chunk: Buffer }): void;
}

/** Runs `COPY ... TO STDOUT`; the server waits while nobody reads. */
export function copyOut(client: Client, statement: string): AsyncIterable<Buffer> {
  let socket: Duplex | undefined;
  const rows = new Readable({ highWaterMark: 1024 * 1024, read: () => void socket?.resume() });
  const query: CopyQuery = {
    submit: (connection) => {
      socket = connection.stream;
      connection.query(statement);
    },
    handleCopyData: ({ chunk }) => {
      // pg hands out a view of a buffer that it fills again.
      if (!rows.push(Buffer.from(chunk))) socket?.pause();
    },
    handleError: (error) => void rows.destroy(error),
    handleReadyForQuery: () => void rows.push(null),
    handleCommandComplete: () => undefined,
    handleCopyInResponse: (connection) => connection.sendCopyFail('this is a copy out'),
  };
  client.query(query);
  return rows;
}

/** Runs `COPY ... FROM STDIN` with these chunks, and answers how many rows went in. */
export function copyIn(client: Client, statement: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let failed = false;
  let rows = 0;
  const send = async (connection: CopyConnection) => {
    for await (const chunk of chunks) {
      if (failed) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
    connection.endCopyFrom();
  };
  let sourceError: unknown;
  const query: CopyQuery = {
    submit: (connection) => connection.query(statement),
    handleCopyInResponse: (connection) => {
      send(connection).catch((error: unknown) => {
        sourceError = error;
        connection.sendCopyFail('the source failed');
      });
    },
    handleCommandComplete: ({ text = '' }) => {
      rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0);
    },
    handleError: (error) => {
      failed = true;
      reject(sourceError ?? error);
    },
    handleReadyForQuery: () => resolve(rows),
    handleCopyData: () => undefined,
  };
  client.query(query);
  return promise;
}
