import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const style =
  'html{color-scheme:light dark}' +
  'body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}' +
  'code,pre{font:14px/1.5 ui-monospace,monospace;background:#f2f2f2;border-radius:4px;padding:.1em .3em}' +
  'pre{padding:.8em}pre,.wide{overflow-x:auto}td,th{text-align:left;padding:.3em .8em .3em 0;vertical-align:top}' +
  '@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}code,pre{background:#262626}a{color:#8ab4f8}}';
const styleHash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Sends a page without scripts. `title` is text; `body` is HTML written by us, with nothing of a stranger in it as it is. */
export function sendPage(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title}</title><style>${style}</style><h1>${title}</h1>${body}</html>`,
    );
}
