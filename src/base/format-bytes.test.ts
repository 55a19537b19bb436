import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes } from './format-bytes.ts';

test('bytes name their unit, with one place at most and none where it says little', () => {
  const shown = [0, 512, 1024, 1536, 88_080_384, 2_040_109_466, 150.4 * 1024 ** 3].map(formatBytes);
  assert.deepEqual(shown, ['0 B', '512 B', '1 KiB', '1.5 KiB', '84 MiB', '1.9 GiB', '150 GiB']);
});
