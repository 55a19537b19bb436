import { postponed, undeliverable, type Channel } from './channel.ts';
import type { Message } from './message.ts';

export interface MailOptions {
  /** `smtp://` or `smtps://`; undefined where no mail server is configured. */
  readonly smtpUrl: string | undefined;
  readonly from: string | undefined;
}

const patienceMs = 15_000;

/** Plain text by SMTP. The id of a message is always the same, so that one sent twice shows once. */
export function mailChannel({ smtpUrl, from }: MailOptions): Channel {
  return {
    send: async (to, message, signal) => {
      if (smtpUrl === undefined || from === undefined)
        throw undeliverable(
          'No mail server is set up here. An operator sets GANTRY_SMTP_URL and GANTRY_MAIL_FROM.',
        );
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        url: smtpUrl,
        connectionTimeout: patienceMs,
        greetingTimeout: patienceMs,
        socketTimeout: patienceMs,
        dnsTimeout: patienceMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const close = () => transport.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to.email },
          subject: message.subject,
          text: textOf(message),
          messageId: `<${message.id}@${hostOf(from)}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw explain(error);
      } finally {
        signal.removeEventListener('abort', close);
        close();
      }
    },
  };
}

function textOf({ lines, link }: Message): string {
  return [...lines, ...(link ? ['', `${link.label}: ${link.url}`] : [])].join('\n');
}

function hostOf(from: string): string {
  return /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? 'gantry.invalid';
}

/* A permanent no of the server (RFC 5321, 4.2.1: 5yz) to this address or message; its password may be mended. */
function explain(error: unknown) {
  const { code, responseCode, response } = fieldsOf(error);
  if (code === 'EAUTH') return postponed('The mail server refused Gantry’s user name or password.', error);
  if (responseCode !== undefined && responseCode >= 500)
    return undeliverable(`The mail server refused the message: ${response}`, error);
  const words = response ?? (error instanceof Error ? error.message : String(error));
  return postponed(`The mail server did not take the message (${code ?? 'no code'}): ${words}`, error);
}

function fieldsOf(error: unknown): { code?: string; responseCode?: number; response?: string } {
  const { code, responseCode, response } = Object(error) as Record<string, unknown>;
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof responseCode === 'number' && { responseCode }),
    ...(typeof response === 'string' && { response: response.slice(0, 200) }),
  };
}
