import type { FastifyInstance } from 'fastify';
import { GantryError } from '../base/errors.ts';
import { letUpload } from './slow-requests.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is handed over as it comes. */
    takesUpload?: boolean;
  }
}

const deepest = 100;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const [quote, backslash] = [0x22, 0x5c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** Takes JSON bodies only, but for uploads, and of these only valid UTF-8 that is not nested without end; an empty body is no body. */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (depthOf(bytes) > deepest) {
      return done(
        new GantryError('INPUT_INVALID', `The body is nested deeper than ${deepest} levels. Flatten it.`),
      );
    }
    const text = decode(bytes);
    if (text instanceof GantryError) return done(text);
    return parse(request, text, done);
  });
  app.addContentTypeParser('application/octet-stream', (request, body, done) => {
    if (request.routeOptions.config.takesUpload === true) {
      letUpload(request.raw);
      return done(null, body);
    }
    return done(new GantryError('MEDIA_TYPE_UNSUPPORTED', 'This address takes JSON. Send application/json.'));
  });
}

function decode(bytes: Uint8Array): string | GantryError {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    return new GantryError(
      'INPUT_INVALID',
      'The body is not valid UTF-8. Send bytes that are not text as base64.',
      { cause },
    );
  }
}

/** The deepest nesting of arrays and objects; what is written later recurses, and its stack is finite. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let most = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (opening.has(byte)) most = Math.max(most, (depth += 1));
    else if (closing.has(byte)) depth -= 1;
  }
  return most;
}
