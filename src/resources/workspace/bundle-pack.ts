import { GantryError } from '../../base/errors.ts';

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
