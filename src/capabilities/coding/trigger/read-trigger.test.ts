import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForgeDelivery } from '../../../resources/ports/forge-delivery.ts';
import { addressed, readTrigger } from './read-trigger.ts';

const settings = { label: 'gantry', words: ['/gantry', '@gantry'] };
const about = {
  forge: 'github',
  ...{ repository: 'acme/shop', pageUrl: 'https://github.com/acme/shop' },
  ...{ actor: 'ada', byBot: false, number: 7, title: 'A bug' },
} as const;

function commented(body: string, more: { byBot?: boolean } = {}): ForgeDelivery {
  return { ...about, kind: 'issue-commented', comment: { id: '5', body }, ...more };
}

test('a label and comments that begin with a word ask for a session', () => {
  const label: ForgeDelivery = { ...about, kind: 'issue-labelled', labels: ['bug', 'Gantry'] };
  assert.deepEqual(readTrigger(label, settings), {
    ...{ via: 'label', key: 'label', issue: 7, title: 'A bug', by: 'ada', words: '', comment: null },
  });
  const body = ' @Gantry, mend the cart\nand test it ';
  assert.deepEqual(readTrigger(commented(body), settings), {
    ...{ via: 'comment', key: 'comment 5', issue: 7, title: 'A bug', by: 'ada' },
    ...{ words: 'mend the cart\nand test it', comment: { id: '5', body } },
  });
});

test('a word is only one at the beginning and as a whole', () => {
  const said = (body: string) => addressed(body, settings.words);
  assert.equal(said('/gantry'), '');
  assert.equal(said('/gantry: go on'), 'go on');
  assert.equal(said('\n/GANTRY go'), 'go');
  for (const body of [
    ...[
      '',
      'please /gantry',
      '> /gantry go',
      '`/gantry go`',
      '@gantry-fan hello',
      '/gantry.txt',
      '@gantry/team',
    ],
    ...['gantry', '/gantryx', '<!-- -->/gantry'],
  ])
    assert.equal(said(body), null, body);
});

test('programs, Gantry itself and other deliveries start nothing', () => {
  const label: ForgeDelivery = { ...about, kind: 'issue-labelled', labels: ['gantry'], byBot: true };
  assert.equal(readTrigger(label, settings), null);
  assert.equal(readTrigger({ ...label, byBot: false, labels: ['gantry-later', ''] }, settings), null);
  assert.equal(readTrigger(commented('/gantry go', { byBot: true }), settings), null);
  assert.equal(readTrigger(commented('/gantry go\n\n<!-- gantry:session:1 -->'), settings), null);
  const pull: ForgeDelivery = {
    ...{ ...about, kind: 'pull-commented', branch: null, comment: { id: '5', body: '/gantry go' } },
  };
  assert.equal(readTrigger(pull, settings), null);
  assert.equal(readTrigger(commented('/gantry go'), { label: '', words: [''] }), null);
});
