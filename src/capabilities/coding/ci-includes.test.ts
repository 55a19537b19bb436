import assert from 'node:assert/strict';
import { test } from 'node:test';
import { includesIn } from './ci-includes.ts';

test('what definitions of CI take in from the repository is found in every spelling', () => {
  const gitlab = `
include:
  - local: /templates/lint.yml
  - local: 'build/*.yml'
  - "plain.yaml"
  - { local: deep/er/x.yml, rules: [] }
  - remote: https://example.org/other.txt
include: [one.yml, 'two.yml']
include: single.yml
`;
  assert.deepEqual(includesIn(gitlab), [
    ...[
      'templates/lint.yml',
      'build/*.yml',
      'plain.yaml',
      'deep/er/x.yml',
      'one.yml',
      'two.yml',
      'single.yml',
    ],
  ]);
  const github = 'steps:\n  - uses: ./tools/act\n  - uses: "./.actions/x/"\n  - uses: actions/checkout@v4\n';
  assert.deepEqual(includesIn(github), ['tools/act', '.actions/x']);
  assert.deepEqual(includesIn('- local: ../../etc/x.yml\n- uses: ./../x\n'), []);
});

test('a definition that is made to be slow, or to include without end, has an end', () => {
  assert.ok(includesIn('a/'.repeat(200_000)).length === 0);
  assert.equal(includesIn(Array.from({ length: 5000 }, (_, n) => `- f${n}.yml`).join('\n')).length, 200);
});
