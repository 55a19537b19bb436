import { createHash } from 'node:crypto';

const longestCycle = 4;
const hintAt = 3;
const endAt = 5;

/** A short sign of what was called and what it answered. */
export function fingerprint(tool: string, input: unknown, answer: string): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, input, answer]))
    .digest('base64url')
    .slice(0, 16);
}

/**
 * Whether the last calls are the same one or a cycle of a few, over and over, with the same answers: `hint` when that has
 * just become clear, `end` when it went on after that.
 */
export function repeats(fingerprints: readonly string[]): 'hint' | 'end' | null {
  for (let length = 1; length <= longestCycle; length += 1) {
    const same = repeatedCalls(fingerprints, length);
    if (same >= length * endAt) return 'end';
    if (same === length * hintAt) return 'hint';
  }
  return null;
}

/** How many of the last calls belong to a cycle of this length. */
function repeatedCalls(fingerprints: readonly string[], length: number): number {
  let same = 0;
  while (same + length < fingerprints.length) {
    const at = fingerprints.length - 1 - same;
    if (fingerprints[at] !== fingerprints[at - length]) break;
    same += 1;
  }
  return same === 0 ? 0 : same + length;
}
