import { cutEnd } from '../../base/cut.ts';
import { inert } from '../../base/inert.ts';

const wordJoiner = '\u2060';

/**
 * A title that a stranger may have written, as one line that no mail program or chat makes anything of: no controls, no
 * address that turns into a link, no name that calls people together, no markup of links. It reads as it did.
 */
export function plainWords(text: string, most = 200): string {
  const line = inert(text.toWellFormed()).replace(/\s+/g, ' ').trim();
  return cutEnd(line, most)
    .replace(/:(?=\/\/)/g, `:${wordJoiner}`)
    .replace(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, `.${wordJoiner}`)
    .replace(/(?<=mailto|tel|javascript|data|file):/gi, `:${wordJoiner}`)
    .replace(/[@#]/g, (sign) => `${sign}${wordJoiner}`)
    .replace(/\](?=[([])/g, `]${wordJoiner}`);
}

/** Slack's three characters (https://docs.slack.dev/messaging/formatting-message-text: escape these and no others). */
export function escapeSlack(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** What other chats read as bold, code or headings. */
export function unmarked(text: string): string {
  return text.replace(/[*_~`|]/g, (sign) => `${sign}${wordJoiner}`);
}
