import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageOf, type Topic } from './message.ts';
import { escapeSlack, plainWords, unmarked } from './plain-words.ts';

const topic: Topic = {
  kind: 'question',
  runId: '018f3c2a-0000-7000-8000-000000000001',
  capability: 'coding',
  title: 'Retry webhook delivery',
  headline: 'Review the plan',
  count: 1,
};
const readable = (text: string) => text.replaceAll('\u2060', '');

test('one item says what, of which run, and where; several are one list with the inbox as their link', () => {
  const one = messageOf('1', [topic], 'https://gantry.example');
  assert.equal(one.subject, 'Waiting for you: Review the plan');
  assert.deepEqual(one.link, { url: `https://gantry.example/runs/${topic.runId}`, label: 'Answer it' });
  assert.ok(one.lines.includes('Retry webhook delivery (coding)'));
  const failed = { ...topic, kind: 'failed', headline: 'No branch matched', count: 3 } as const;
  const many = messageOf('1', [topic, failed, topic], 'https://gantry.example');
  assert.equal(many.subject, '3 things from Gantry, 2 wait for you');
  assert.equal(many.link?.url, 'https://gantry.example/inbox');
  assert.ok(messageOf('1', [failed], undefined).lines.some((line) => line.includes('3 times')));
});

test('without a public address the message says so and holds the id', () => {
  const { link, lines } = messageOf('1', [topic], undefined);
  assert.equal(link, null);
  assert.ok(lines.some((line) => line.includes('GANTRY_PUBLIC_URL') && line.includes(topic.runId)));
});

test('a list of hundreds is cut, and says how many more there are', () => {
  const { lines } = messageOf(
    '1',
    Array.from({ length: 300 }, () => topic),
    undefined,
  );
  assert.ok(lines.length < 30);
  assert.ok(lines.includes('And 280 more.'));
});

test('a title can’t make lines, links, mentions or markup', () => {
  const hostile =
    'a\r\nBcc: x@evil.example\u202e <!channel> [click](https://evil.example) www.evil.example mailto:a@b.c';
  const words = plainWords(hostile);
  assert.doesNotMatch(words, /[\r\n\u202e]|:\/\/|\]\(|@\w|evil\.example|mailto:a/);
  assert.match(
    readable(words),
    /^a\\r\\nBcc: x@evil\.example\\u202e <!channel> \[click\]\(https:\/\/evil\.example\)/,
  );
  assert.equal(escapeSlack('<!channel> & <https://x|y>'), '&lt;!channel&gt; &amp; &lt;https://x|y&gt;');
  assert.equal(readable(unmarked('*b* `c`')), '*b* `c`');
});

test('whatever a title holds, it is one line, not too long, and well formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (title) => {
      const words = plainWords(title);
      assert.ok(words.isWellFormed());
      assert.doesNotMatch(words, /[\p{Cc}\u2028\u2029\u202a-\u202e]|:\/\//u);
      assert.ok(readable(words).length <= 200);
    }),
  );
});
