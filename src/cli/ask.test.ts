import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Run } from '../contract/run.ts';
import type { Step } from '../contract/step.ts';
import { gantry, gantryOnTerminal } from '../../test/support/command-line.ts';
import { withServer } from '../../test/support/gantry-up.ts';
import { startGitServer } from '../../test/support/git-server.ts';
import { startModelServer } from '../../test/support/model-server.ts';

const provider = await startModelServer();
after(() => provider.close());
const { place, server, cli, json } = withServer({
  GANTRY_OUTGOING_ALLOW: '127.0.0.1',
  OPENAI_BASE_URL: `${provider.url}/v1`,
});

const script = {
  turns: [
    {
      text: 'I look.',
      calls: [
        { tool: 'search', input: { pattern: 'Math.round' } },
        { tool: 'read', input: { path: 'note.txt' } },
      ],
    },
    {
      when: 'not committed',
      calls: [
        {
          tool: 'answer',
          input: {
            answer: 'In **price.js**.',
            citations: [
              { path: './src/price.js', line: 2 },
              { path: 'none.js', line: 1 },
            ],
          },
        },
      ],
    },
    {
      when: 'These places do not exist: none.js:1',
      calls: [
        {
          tool: 'answer',
          input: {
            answer: 'In **price.js**.',
            citations: [
              { path: 'src/price.js', line: 2 },
              { path: 'src/price.js', line: 99 },
            ],
          },
        },
      ],
    },
  ],
};

async function repository(): Promise<string> {
  const directory = await mkdtemp(join(place().directory, 'shop-'));
  await mkdir(join(directory, 'src'), { recursive: true });
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: directory });
  git('init', '--quiet', '--initial-branch', 'main');
  await writeFile(
    join(directory, 'src', 'price.js'),
    'export function round(price) {\n  return Math.round(price);\n}\n',
  );
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  await writeFile(join(directory, 'note.txt'), 'not committed\n');
  await writeFile(join(place().directory, 'script.json'), JSON.stringify(script));
  return directory;
}

test('a question about a local repository is answered with places that exist, live and as JSON', async () => {
  const directory = await repository();
  const question = ['ask', '--repo', directory, '--model', 'scripted:script.json', 'How is a price rounded?'];
  const shown = await cli(...question);
  assert.equal(shown.code, 0, shown.stderr);
  assert.equal(shown.stdout, 'In **price.js**.\n\nsrc/price.js:2\n');
  assert.match(shown.stderr, /I look\.\n✓ search Math\.round \(.*\)\n✓ read note\.txt/);
  const run = await json<Run>(...question);
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(run.output, {
    answer: 'In **price.js**.',
    citations: [{ path: 'src/price.js', line: 2 }],
  });
  assert.ok((run.usage.tokens ?? 0) > 0);
  const again = await cli('ask', '--attach', run.id.slice(0, 18));
  assert.equal(again.stdout, shown.stdout);
  const followed = await cli('runs', 'follow', run.id);
  assert.equal(followed.code, 0);
  assert.match(followed.stderr, /✓ search Math\.round/);
});

test('a question that is left to itself waits for a word, and goes on with it', async () => {
  const directory = await repository();
  const started = await cli(
    'ask',
    '--repo',
    directory,
    '--model',
    'scripted:script.json',
    '--confirm',
    'everything',
    '--detach',
    'How?',
  );
  assert.equal(started.code, 0, started.stderr);
  const id = started.stdout.trim();
  const attached = cli('ask', '--attach', id);
  let asked: Run | undefined;
  while (!asked?.asks) asked = await json<Run>('runs', 'show', id);
  assert.equal(asked.asks.title, 'Allow: search Math.round');
  await json('runs', 'cancel', id);
  const { code, stderr } = await attached;
  assert.equal(code, 130);
  assert.match(stderr, /The run was cancelled/);
});

test('what can be known to fail is refused before anything is started', async () => {
  const directory = await repository();
  const before = (await json<{ items: Run[] }>('runs', '--capability', 'ask')).items.length;
  const refused = async (words: string[], code: number, why: RegExp) => {
    const result = await cli('ask', ...words, 'Why?');
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, why);
  };
  await refused(['--repo', directory], 2, /No model is named/);
  await refused(['--repo', directory, '--model', 'nobody/none'], 2, /names no known provider/);
  await refused(['--repo', 'acme/none', '--model', 'scripted:script.json'], 66, /acme\/none/);
  await refused(['--repo', place().directory, '--model', 'scripted:script.json'], 2, /is no git repository/);
  await refused(
    ['--repo', directory, '--model', 'scripted:none.json'],
    2,
    /can't be read: there is no such file/,
  );
  assert.equal((await json<{ items: Run[] }>('runs', '--capability', 'ask')).items.length, before);
});

test('what an agent asks is answered where it is asked, on a terminal', async () => {
  const directory = await repository();
  const words = ['ask', '--repo', directory, '--model', 'scripted:script.json', '--confirm', 'everything'];
  let seen = '';
  let answered = 0;
  const { code, stdout } = await gantryOnTerminal([...words, 'How is a price rounded?'], {
    env: place().env,
    cwd: place().directory,
    onStart: ({ stdout: screen, stdin }) =>
      screen?.on('data', (piece: Buffer) => {
        seen += piece.toString();
        const wanted = seen.split(/Your answer \[1-\d\]: |A word about it, or Enter: /).length - 1;
        // A word that is no answer is asked again.
        for (; answered < wanted; answered += 1) stdin?.write(answered === 0 ? 'x\r' : '1\r');
      }),
  });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /Allow: search Math\.round/);
  assert.match(stdout, /Allow: read note\.txt/);
  assert.match(stdout, /In \*\*price\.js\*\*\.\r\n\r\nsrc\/price\.js:2/);
});

test('the address of a repository connects it once, for those who may', async (t) => {
  await repository();
  const git = await startGitServer();
  t.after(() => git.close());
  const files = { 'src/price.js': 'let a;\nMath.round(a);\n', 'note.txt': 'not committed\n' };
  const { url } = await git.add('acme/remote', { public: true, commits: [{ message: 'Begin', files }] });
  const words = (address: string) => ['ask', '--repo', address, '--model', 'scripted:script.json', 'How?'];
  const { key } = await json<{ key: string }>('keys', 'create', '--name', 'M', '--role', 'member');
  const member = { env: { GANTRY_URL: server().url, GANTRY_API_KEY: key }, cwd: place().directory };
  const refused = await gantry(words(url), member);
  assert.equal(refused.code, 77);
  assert.match(refused.stderr, /Ask an admin to run `gantry repos add http/);
  const first = await cli(...words(url));
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /Connected acme\/remote\./);
  assert.equal(first.stdout, 'In **price.js**.\n\nsrc/price.js:2\n');
  const again = await gantry(words(url.replace(/\.git$/, '/')), member);
  assert.equal(again.code, 0, again.stderr);
  assert.doesNotMatch(again.stderr, /Connected/);
});

test('a model that fails for a while is asked again, and what it said in vain does not count', async () => {
  const directory = await repository();
  const input = { answer: 'In the end.', citations: [{ path: 'src/price.js', line: 1 }] };
  provider.answers.push(
    { error: 'overloaded' },
    { reply: { text: 'I look.', calls: [{ tool: 'read', input: { path: 'src/price.js' } }] } },
    { broken: 'cut' },
    { error: 'rate', headers: { 'retry-after': '1' } },
    { reply: { calls: [{ tool: 'answer', input }] } },
  );
  const before = provider.requests.length;
  const run = await json<Run>('ask', '--repo', directory, '--model', 'openai-compatible/m', 'How?');
  assert.deepEqual(run.output, input);
  assert.equal(provider.requests.length - before, 5);
  const shown = await json<{ steps: Step[] }>('runs', 'show', run.id);
  const turns = shown.steps.filter(({ name }) => name === 'model');
  assert.deepEqual(
    turns.map(({ attempts }) => attempts),
    [1, 1],
    'a step for each turn, not for each try',
  );
});
