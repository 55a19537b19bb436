import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCredentials } from './credentials.ts';
import { findHiddenText } from './hidden-text.ts';
import { parseDiff } from './unified-diff.ts';

/** Made of parts, so that this file itself holds none. */
const join = (...parts: string[]): string => parts.join('');
const random = 'q7Rk2vX9bLmZ4wTj8sNc5yHd1fGp3aKe6uQx';

function rulesOf(path: string, ...added: string[]): string[] {
  const lines = added.map((text, index) => ({ line: index + 1, text }));
  const file = {
    path,
    isNew: false,
    isDeleted: false,
    isBinary: false,
    mode: null,
    added: lines,
    removed: [],
  };
  return findCredentials(file).map(({ line, rule, isSure }) => `${line} ${rule}${isSure ? '' : '?'}`);
}

test('credentials in added lines are found by their form', () => {
  const found = (rule: string, ...parts: string[]) =>
    assert.deepEqual(rulesOf('a.py', join(...parts)), [`1 ${rule}`], rule);
  found('aws-key', 'key = "AK', 'IA', 'QWERT2YU5IOP7ASD', '"');
  found('github-token', 'token: gh', 'p_', random);
  found('github-token', 'github_', 'pat_', random.slice(0, 22), '_', random, random.slice(0, 23));
  found('gitlab-token', 'curl -H "PRIVATE-TOKEN: gl', 'pat-', random.slice(0, 20), '"');
  found('slack-token', 'xo', 'xb-', '4821930475-5938201746-', random.slice(0, 24));
  found('slack-webhook', 'https://hooks.slack.com/', 'services/T03AB4CD5/B06EF7GH8/', random.slice(0, 24));
  found('google-key', 'AI', 'za', random.slice(0, 35));
  found('stripe-key', 'sk_', 'live_', random.slice(0, 24));
  found('anthropic-key', 'ANTHROPIC_API_KEY=sk-', 'ant-', 'api03-', random);
  found('openai-key', 'sk-', 'proj-', random, random.slice(0, 12));
  found('npm-token', '//packages.example.com/:_auth', 'Token=', random);
  found('telegram-token', '8132094756:A', 'A', random.slice(0, 33));
  found('private-key', '-----BEGIN RSA ', 'PRIVATE KEY-----\\n', random, random);
  found('password-in-address', 'url = "postgres://app:', random.slice(0, 16), '@pg.prod.acme.io/app"');
  assert.deepEqual(rulesOf('key.pem', join('-----BEGIN ', 'PRIVATE KEY-----'), `${random}${random}`), [
    '1 private-key',
  ]);
  assert.deepEqual(rulesOf('a.py', `api_key = "${random}"`), ['1 secret-value?']);
  assert.deepEqual(rulesOf('a.ts', `const clientSecret: string = '${random}';`), ['1 secret-value?']);
  assert.deepEqual(rulesOf('.env.production', `DB_PASSWORD=${random}`), ['1 secret-value?']);
  assert.deepEqual(rulesOf('a.json', `  "access_token": "${random}",`), ['1 secret-value?']);
});

test('what only resembles a credential is left alone', () => {
  const clean = (text: string, path = 'a.py') => assert.deepEqual(rulesOf(path, text), [], text);
  clean(join('key = "AK', 'IAIOSFODNN7EXAMPLE"'));
  clean(join('token = "gh', `p_${'x'.repeat(36)}"`));
  clean(join('token = "gh', 'p_abcdefghijklmnopqrstuvwxyz0123456789"'));
  clean(join("if (text.startsWith('-----BEGIN ", "PRIVATE KEY-----')) {"));
  clean('password = os.environ["PASSWORD_OF_THE_DATABASE_2024"]');
  clean('api_key = "${API_KEY_2024_PRODUCTION}"');
  clean('token_limit_per_minute = "token_count_per_minute_2024_v2"');
  clean('const secretName = "projects/acme/secrets/payments/versions/123";');
  clean('url = "postgres://app:password@localhost/app"');
  clean(`url = "postgres://app:${random}@db:5432/app"`);
  clean('url = "https://user:${PASSWORD}@git.acme.io/x"');
  clean(`const passwordHash = "${random}";`);
  clean(`  integrity sha512-${random}${random}==`, 'yarn.lock');
  clean(`      "token": "${random}"`, 'package-lock.json');
  clean('def get_token(self, refresh_token: str, access_key_id: int = 1234567890) -> str:');
  clean('it("refuses a token that is 1234567890123456 characters long", () => {');
  clean('PASSWORD_RESET_URL = "https://acme.io/account/password/reset/confirm2024"');
  clean('secret_key = base64.b64decode(settings.SECRET_KEY_FALLBACKS_2024[0])');
});

test('what a change only moves is no news', () => {
  const secret = join('gh', 'p_', random);
  const diff = `diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-x = "${secret}"\n+y = "${secret}"\n`;
  const [file] = parseDiff(diff);
  assert.ok(file);
  assert.deepEqual(findCredentials(file), []);
});

test('text that reads other than it runs is named', () => {
  const rules = (path: string, text: string) =>
    findHiddenText(path, text).map(({ rule, severity }) => `${rule} ${severity}`);
  assert.deepEqual(rules('a.js', 'if (level != "user\u202e \u2066// admin\u2069 \u2066") {'), ['bidi error']);
  assert.deepEqual(rules('a.js', 'const a\u200bb = 1;'), ['invisible error']);
  assert.deepEqual(rules('a.js', '\u3164 = 1'), ['invisible error']);
  assert.deepEqual(rules('a.sh', 'echo \u001b[2K'), ['control warning']);
  assert.deepEqual(rules('docs/a.md', 'a \u202eb'), ['bidi warning']);
  assert.deepEqual(rules('src/locales/ar.ts', "x: 'a\u200bb'"), ['invisible warning']);
  for (const clean of ['\tconst a = "öß→🙂👨‍👩‍👧";', '\ufeffusing System;', 'שלום עולם', 'خانه‌ها', 'a\fb\r'])
    assert.deepEqual(rules('a.cs', clean), [], clean);
});

test('a diff is taken apart as git writes it, whatever stands in the lines', () => {
  const files = parseDiff(
    [
      'diff --git a/a b.txt b/a b.txt',
      'index 1..2 100644',
      '--- a/a b.txt\t',
      '+++ b/a b.txt\t',
      '@@ -1,3 +1,4 @@ def x',
      ' one',
      '--- a/fake',
      '+++ b/fake',
      '+diff --git a/x b/x',
      ' three',
      '\\ No newline at end of file',
      '@@ -10 +12 @@',
      '-old',
      '+new',
      'diff --git "a/t\\303\\244\\"b.txt" "b/t\\303\\244\\"b.txt"',
      'new file mode 100755',
      'index 0..1',
      '--- /dev/null',
      '+++ "b/t\\303\\244\\"b.txt"',
      '@@ -0,0 +1,1 @@',
      '+hi',
      'diff --git a/bin b/bin',
      'new file mode 100644',
      'Binary files /dev/null and b/bin differ',
      'diff --git a/gone b/gone',
      'deleted file mode 100644',
      '--- a/gone',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-x',
      'diff --git a/run.sh b/run.sh',
      'old mode 100644',
      'new mode 100755',
      '',
    ].join('\n'),
  );
  assert.deepEqual(
    files.map(({ path, mode, added, removed }) => [
      path,
      mode,
      added.map(({ line, text }) => `${line} ${text}`),
      removed,
    ]),
    [
      ['a b.txt', null, ['2 ++ b/fake', '3 diff --git a/x b/x', '12 new'], ['-- a/fake', 'old']],
      ['tä"b.txt', '100755', ['1 hi'], []],
      ['bin', '100644', [], []],
      ['gone', null, [], ['x']],
      ['run.sh', '100755', [], []],
    ],
  );
  assert.deepEqual(files.map(({ isNew, isBinary, isDeleted }) => [isNew, isBinary, isDeleted]).slice(1, 4), [
    [true, false, false],
    [true, true, false],
    [false, false, true],
  ]);
});
