/** Longest fragment that is made or read: proxies and chats cut longer addresses. */
export const longestLink = 32_768;
/** Most that a link's program may unfold to, in bytes. */
const largestProgram = 2_097_152;
const version = '1';

export type LinkProblem = 'version' | 'malformed' | 'too-large';
export type LinkedProgram =
  | { readonly program: unknown; readonly problem?: undefined }
  | { readonly problem: LinkProblem; readonly program?: undefined };

/**
 * A program as the fragment of an address, which browsers send to no server: `code=1.` and its JSON, deflated, in
 * base64url. Undefined when it is too long for an address.
 */
export async function linkFragment(program: unknown): Promise<string | undefined> {
  const stream = new Blob([JSON.stringify(program)])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const fragment = `code=${version}.${toBase64Url(bytes)}`;
  return fragment.length > longestLink ? undefined : fragment;
}

/** The program in a fragment, without its `#`; undefined when there is none in it. */
export async function programOfFragment(fragment: string): Promise<LinkedProgram | undefined> {
  const found = /(?:^|&)code=([^&]*)/.exec(fragment)?.[1];
  if (found === undefined) return undefined;
  if (found.length > longestLink) return { problem: 'too-large' };
  const [, made, packed] = /^(\w{1,8})\.([\w-]*)$/.exec(found) ?? [];
  if (made === undefined || packed === undefined) return { problem: 'malformed' };
  if (made !== version) return { problem: 'version' };
  try {
    const text = await inflate(fromBase64Url(packed));
    return text === undefined ? { problem: 'too-large' } : { program: JSON.parse(text) };
  } catch {
    return { problem: 'malformed' };
  }
}

/** Stops where it has unfolded too much, so that a small link can't fill the memory. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > largestProgram) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
