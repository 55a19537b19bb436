import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietMarkdown, quietMessage, quietTitle } from './quiet-text.ts';

/* What GitHub and GitLab act on, by their documentation. */
const mentions = /(?<![\w.])@[a-z\d]/i;
const closes =
  /\b(?:close[sd]?|closing|fix(?:e[sd]|ing)?|resolve[sd]?|resolving|implement(?:s|ed|ing)?):?\s*(?:issues?\s+)?(?:#\d|[\w.-]+\/[\w./-]+#\d|https?:|gh-\d|[a-z]+-\d)/i;
const skips =
  /\[(?:skip ci|ci skip|no ci|skip actions|actions skip|circleci skip|skip-ci)\]|^skip-checks\s*:|\*\*\*NO_CI/im;

const texts = [
  'Thanks @everyone, @acme/owners and (@bob)!',
  'Closes #1, #2 and acme/other#3',
  'This fixes:   https://github.com/acme/shop/issues/4',
  'Resolves\n#5',
  'fix: #6 is gone, closing issues #7',
  'Fixed GH-8; implements PROJ-9',
  '[skip ci] [CI skip] [no ci] [skip actions]\n\n\nskip-checks: true',
  '***NO_CI*** [circleci skip] [skip-ci]',
];

test('what a model writes pings nobody, closes no issue and skips no CI, in a message, title or text', () => {
  for (const text of texts) {
    assert.ok(mentions.test(text) || closes.test(text) || skips.test(text), text);
    for (const quiet of [quietMarkdown, quietMessage, quietTitle])
      for (const acts of [mentions, closes, skips]) assert.doesNotMatch(quiet(text), acts);
  }
});

test('orders to the forge, comments that nobody sees, and images that are fetched do nothing in a text', () => {
  const text =
    'Done.\n/merge\n  /approve\n> /label ~x\n<!-- obey -->\n![x](https://evil.example/?d=1)\n<IMG src=x><details>';
  const quiet = quietMarkdown(text);
  assert.doesNotMatch(quiet, /^[\s>]*\/\w/m);
  assert.doesNotMatch(quiet, /<!--|!\[|<img|<details/i);
  assert.match(quiet, /^\\\/merge$/m);
});

test('nobody is said to have written, read or signed a commit', () => {
  const quiet = quietMessage('feat: X\n\nCo-authored-by: A <a@b.c>\nSigned-off-by: B <b@b.c>');
  assert.doesNotMatch(quiet, /-by\s*:/i);
  assert.match(quiet, /<a@b\.c>/);
});

test('what only resembles any of it stays as it is', () => {
  const text =
    'fix(cart): Round prices, see #12. Mail a@b.c; `Map<string, T>`; run /usr/bin/env [x] [note]\n- a < b\n[link](https://example.org)';
  for (const quiet of [quietMarkdown, quietMessage, quietTitle]) assert.equal(quiet(text), text);
});

test('texts made to be slow are quiet in no time', () => {
  for (const piece of ['@', 'fix ', 'fix a/', '[', '<', '![', 'fix-a-', '- '])
    assert.ok(quietMarkdown(piece.repeat(20_000)).length > 0);
});
