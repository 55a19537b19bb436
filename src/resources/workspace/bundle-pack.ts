import { GantryError } from '../../base/errors.ts';

/** What the head of a bundle says: the commits that have to be there before, and what it calls those that it brings. */
export interface BundleHead {
  readonly needs: readonly string[];
  readonly names: ReadonlyMap<string, string>;
}

/** Reads the head of a bundle from its first piece. */
export async function bundleHead(content: AsyncIterable<Uint8Array>): Promise<BundleHead> {
  const needs: string[] = [];
  const names = new Map<string, string>();
  for await (const piece of content) {
    const text = Buffer.from(piece).toString('latin1');
    for (const line of text.slice(0, text.indexOf('\n\n')).split('\n').slice(1)) {
      const [, prerequisite, commit = '', name = ''] = /^(-?)([0-9a-f]{40})(?: (.*))?$/.exec(line) ?? [];
      if (prerequisite === '-') needs.push(commit);
      else names.set(name, commit);
    }
    break;
  }
  return { needs, names };
}

/**
 * The pack in a bundle: what follows the first empty line (gitformat-bundle). `bytes` is the size of the whole bundle;
 * the answer says how large the pack is, and reads it.
 */
export async function packOf(
  content: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ readonly bytes: number; readonly content: AsyncIterable<Uint8Array> }> {
  const pieces = content[Symbol.asyncIterator]();
  const first = await pieces.next();
  const head = first.done === true ? Buffer.alloc(0) : Buffer.from(first.value);
  const end = head.indexOf('\n\n');
  if (end === -1)
    throw new GantryError(
      'WORKSPACE_FAILED',
      'A stored checkpoint is damaged. Start again from an earlier one.',
    );
  return {
    bytes: bytes - end - 2,
    content: (async function* () {
      yield head.subarray(end + 2);
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
    })(),
  };
}
