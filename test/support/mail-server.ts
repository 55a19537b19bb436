import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  readonly url: string;
  /** Each message as it came over the wire. */
  readonly taken: { to: string[]; text: string }[];
  /** What the server answers to the next messages instead of taking them; null takes them. */
  refuse: { code: number; text: string } | null;
  close(): Promise<void>;
}

/** A mail server on loopback that keeps what it gets. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const taken: MailServer['taken'] = [];
  const state: Pick<MailServer, 'refuse'> = { refuse: null };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: async (stream, session, done) => {
      let text = '';
      for await (const piece of stream) text += String(piece);
      if (state.refuse) {
        done(Object.assign(new Error(state.refuse.text), { responseCode: state.refuse.code }));
        return;
      }
      taken.push({ to: session.envelope.rcptTo.map((to) => to.address), text });
      done();
    },
  });
  server.on('error', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: bound } = server.server.address() as AddressInfo;
  return Object.assign(state, {
    url: `smtp://127.0.0.1:${bound}`,
    taken,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
