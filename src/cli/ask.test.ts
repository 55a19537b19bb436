import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Run } from '../contract/run.ts';
import { withServer } from '../../test/support/gantry-up.ts';

const { place, cli, json } = withServer();

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
