import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { linkFragment, longestLink, programOfFragment } from './program-link.ts';

const packed = (text: string | Buffer) => deflateRawSync(text).toString('base64url');

test('a program comes out of its link as it went in', async () => {
  const program = {
    language: 'python',
    files: [{ name: 'main.py', content: `'"\\ \u202e\u0000 😀 ${'line\n'.repeat(5000)}</script>` }],
  };
  const fragment = (await linkFragment(program)) ?? '';
  assert.match(fragment, /^code=1\.[\w-]+$/);
  assert.ok(fragment.length < 1000);
  assert.deepEqual(await programOfFragment(fragment), { program });
  assert.deepEqual(await programOfFragment(`x=1&${fragment}&y`), { program });
});

test('a program that is too long for an address has no link', async () => {
  const noise = Array.from({ length: 40_000 }, (_, at) => ((at * 7919) ^ (at >> 3)).toString(36)).join('');
  assert.equal(await linkFragment({ noise }), undefined);
});

test('a link that is malformed, of another version or too large is said to be so', async () => {
  assert.equal(await programOfFragment(''), undefined);
  assert.equal(await programOfFragment('top'), undefined);
  const cases: [fragment: string, problem: string][] = [
    ['code=', 'malformed'],
    ['code=abc', 'malformed'],
    ['code=1.', 'malformed'],
    ['code=1.%%%', 'malformed'],
    ['code=1.AAAA', 'malformed'],
    [`code=1.${packed('{"cut')}`, 'malformed'],
    [`code=1.${packed(Buffer.from([0xff, 0xfe]))}`, 'malformed'],
    [`code=1.${packed('{}').slice(0, 3)}`, 'malformed'],
    [`code=2.${packed('{}')}`, 'version'],
    [`code=1.${'A'.repeat(longestLink)}`, 'too-large'],
    [`code=1.${packed(`"${'x'.repeat(3_000_000)}"`)}`, 'too-large'],
  ];
  for (const [fragment, problem] of cases)
    assert.deepEqual(await programOfFragment(fragment), { problem }, fragment.slice(0, 40));
});
