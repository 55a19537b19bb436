import { GantryError } from '../../../base/errors.ts';

const place = '{{last}}';
const mostCharacters = 16 * 1024 ** 2;

/**
 * The same value, with `{{last}}` in its texts replaced by what the model was told last. MODEL_REPLY_INVALID when that makes
 * more than 16 MiB: a script may be anybody's.
 */
export function fillIn(value: unknown, last: string): unknown {
  let size = 0;
  const fill = (part: unknown): unknown => {
    if (typeof part === 'string') {
      size += part.length + (part.split(place).length - 1) * last.length;
      if (size <= mostCharacters) return part.replaceAll(place, () => last);
      throw new GantryError('MODEL_REPLY_INVALID', 'The script of the model makes more than 16 MiB of text.');
    }
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, fill(entry)]));
  };
  return fill(value);
}
