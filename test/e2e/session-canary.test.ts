import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { look, lookBelow, lookFor, lookInBundles, lookInDatabase, thefts } from '../support/canaries.ts';
import { gantry } from '../support/command-line.ts';
import { gantryUp, makeDataDir, stopGantry } from '../support/gantry-up.ts';
import { git } from '../support/git-repository.ts';
import { startGitHubServer, type GitHubServer } from '../support/github-server.ts';
import { startModelServer } from '../support/model-server.ts';
import { testDatabase } from '../support/postgres.ts';

const files = {
  'README.md': '# Shop\n',
  'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n',
  'shop.test.js': "import { test } from 'node:test';\ntest('shop', () => {});\n",
};
const canaries = {
  'the key of the model': 'canary-model-51d8e2a0cc',
  'a variable of the worker': 'canary-worker-93b7c4f618',
};

/** Every token that the forge hands out from now on. */
function tokensOf({ state }: GitHubServer): string[] {
  const tokens: string[] = [];
  const set = state.principals.set.bind(state.principals);
  state.principals.set = (token, principal) => {
    tokens.push(token);
    return set(token, principal);
  };
  return tokens;
}

/** What all processes of the machine were started with, while the work goes on. */
async function commandLines<T>(work: Promise<T>): Promise<{ seen: string[]; done: T }> {
  const state = { over: false };
  const seen: string[] = [];
  const end = () => void (state.over = true);
  work.then(end, end);
  while (!state.over) seen.push((await promisify(execFile)('ps', ['-eo', 'args'])).stdout);
  return { seen, done: await work };
}

test('no credential of a whole session reaches its sandboxes, commits, pull request or records, and none outlives it', async () => {
  await using place = await makeDataDir();
  await using ended = new AsyncDisposableStack();
  const database = await testDatabase();
  ended.defer(() => database.drop());
  const github = await startGitHubServer();
  ended.defer(() => github.close());
  const models = await startModelServer();
  ended.defer(() => models.close());
  const { stored } = await github.add('acme/shop', { commits: [{ message: 'Begin', files }] });
  const app = { contents: 'write', metadata: 'read', pull_requests: 'write', issues: 'write' } as const;
  github.install(['acme/shop'], { ...app, checks: 'read', statuses: 'write' });
  const tokens = tokensOf(github);
  const keyFile = join(place.directory, 'app.pem');
  writeFileSync(keyFile, github.app.privateKey, { mode: 0o600 });
  for (const command of thefts)
    models.answers.push({ reply: { text: 'I look.', calls: [{ tool: 'run', input: { command } }] } });
  const handOver = (tool: string, input: object) =>
    models.answers.push({ reply: { calls: [{ tool, input }] } });
  handOver('done', { summary: 'Keeps what was taken.' });
  handOver('describe', { title: 'Keep it', summary: 'What was taken.' });
  const env = {
    ...place.env,
    GANTRY_DATABASE_URL: database.url,
    GANTRY_OUTGOING_ALLOW: '127.0.0.1',
    GANTRY_MODEL: 'openai-compatible/looker',
    GANTRY_LOG_LEVEL: 'trace',
    GANTRY_GITHUB_BASE_URL: github.url,
    GANTRY_GITHUB_APP_ID: github.app.appId,
    GANTRY_GITHUB_APP_PRIVATE_KEY_FILE: keyFile,
    OPENAI_BASE_URL: `${models.url}/v1`,
    OPENAI_API_KEY: canaries['the key of the model'],
    SOME_VARIABLE_OF_THE_OPERATOR: canaries['a variable of the worker'],
  };
  const server = await gantryUp(env);
  const said: string[] = [];
  const cli = async (...args: string[]) => {
    const own = { ...place.env, GANTRY_DATABASE_URL: database.url };
    const done = await gantry(args, { env: own, cwd: place.directory });
    assert.equal(done.code, 0, `${args.join(' ')}: ${done.stderr}`);
    said.push(done.stdout, done.stderr);
    return done.stdout;
  };
  try {
    await cli('repos', 'add', `${github.url}/acme/shop`, '--name', 'acme/shop');
    const goal = ['session', '--repo', 'acme/shop', '--goal', 'Keep what is worth stealing.'];
    const session = cli(...goal, '--auto', '--skip', 'goal,plan,review', '--json');
    const { seen, done } = await commandLines(session);
    said.push(...seen);
    const run = JSON.parse(done);
    assert.equal(run.output.outcome, 'opened', done);
    await cli('session', 'show', run.id, '--json');
    await cli('backup', 'backup.tar.gz');
    const pushed = await git(stored.path, ['show', `${run.output.branch}:taken.txt`]);
    assert.match(pushed, /HOME=/, 'what was taken was pushed');
  } finally {
    await stopGantry(server);
  }
  assert.ok(tokens.length > 0, 'tokens were handed out');
  assert.deepEqual(
    tokens.filter((token) => github.state.principals.has(token)),
    [],
    'tokens that live on',
  );
  const named = Object.fromEntries(tokens.map((token, index) => [`token ${index} of the App`, token]));
  const keyLine = github.app.privateKey.split('\n')[3] ?? '';
  const looked = lookFor({ ...canaries, ...named, 'the key of the App': keyLine });
  assert.throws(() => look(looked, 'a place where it was planted', `x ${tokens[0]} y`), /is in a place/);
  await lookInDatabase(looked, database.url);
  const unpacked = join(place.directory, 'unpacked');
  mkdirSync(unpacked);
  assert.ok((await lookInBundles(looked, database.url, unpacked)) > 0, 'checkpoints were stored');
  lookBelow(looked, place.dataDir);
  look(looked, 'the backup', gunzipSync(readFileSync(join(place.directory, 'backup.tar.gz'))));
  look(looked, 'the log', await server.stderr);
  said.forEach((text, index) => look(looked, `what was said ${index}`, text));
  models.requests.forEach(({ body }, index) => look(looked, `prompt ${index}`, JSON.stringify(body)));
  assert.equal(models.requests.length, thefts.length + 2);
  const args = ['cat-file', '--batch-all-objects', '--batch', '--buffer'];
  look(looked, 'the repository', execFileSync('git', args, { cwd: stored.path, maxBuffer: 1024 ** 3 }));
  const texts = stored.issues.map(({ title, body, comments }) => [
    title,
    body,
    comments.map((each) => each.body),
  ]);
  look(looked, 'the pull request', JSON.stringify(texts));
  look(looked, 'addresses that were asked for', github.requests.map(({ line }) => line).join('\n'));
  assert.ok(looked.places > 300 && looked.bytes > 100_000, `only ${looked.places} places were looked at`);
});
