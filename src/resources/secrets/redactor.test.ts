import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redactor } from './redactor.ts';

const secret = 'pa55/w+rd ☃ "q"';

test('a value disappears in every form that it usually travels in', () => {
  const { redact } = redactor([secret]);
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify({ token: secret }),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    Buffer.from(`user:${secret}`).toString('base64'),
    Buffer.from(`user1:${secret}\n`).toString('base64'),
    Buffer.from(`us:${secret} and more`).toString('base64url'),
  ];
  for (const form of forms)
    assert.match(redact(`before ${form} after`), /^before .*\[redacted\].* after$/s, form);
  assert.equal(redact(`a ${secret} b ${secret}`), 'a [redacted] b [redacted]');
});

test('each line of a key in PEM is taken out on its own', () => {
  const { redact } = redactor(['-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n']);
  assert.equal(redact('line MIIEvQIBADANBg here'), 'line [redacted] here');
});

test('a stream cut anywhere reads like the whole text', () => {
  const values = ['hunter2', 'hunter2-extended', 'aaaa', 'aab'];
  const { redact, stream } = redactor(values);
  const piece = fc.oneof(
    fc.constantFrom(...values, 'hunter', '2', '-ext', 'a', 'aa', 'b', '\n'),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat(60), { maxLength: 6 }),
      (pieces, cuts) => {
        const text = pieces.join('');
        const borders = [
          0,
          ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b),
          text.length,
        ];
        const pass = stream();
        const out = borders.slice(1).map((border, index) => pass.push(text.slice(borders[index], border)));
        assert.equal(out.join('') + pass.end(), redact(text));
      },
    ),
    { numRuns: 2000 },
  );
});

test('what cannot become a value is passed on at once', () => {
  const pass = redactor(['hunter2']).stream();
  assert.equal(pass.push('hello\n'), 'hello\n');
  assert.equal(pass.push('hun'), '');
  assert.equal(pass.push('gry\n'), 'hungry\n');
  assert.equal(pass.end(), '');
});

test('values too short to tell from ordinary text, and none at all, change nothing', () => {
  assert.equal(redactor(['a', '']).redact('a banana'), 'a banana');
  assert.equal(redactor([]).stream().push('text'), 'text');
});
