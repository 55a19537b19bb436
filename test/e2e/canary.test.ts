import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { look, lookBelow, lookFor, lookInBundles, lookInDatabase, thefts } from '../support/canaries.ts';
import { gantry } from '../support/command-line.ts';
import { gantryUp, makeDataDir, stopGantry } from '../support/gantry-up.ts';
import { startGitServer } from '../support/git-server.ts';
import { startModelServer } from '../support/model-server.ts';
import { testDatabase } from '../support/postgres.ts';

const canaries = {
  'the token of the forge': 'canary-forge-7d1f0c52a9',
  'the key of the model': 'canary-model-0b6e49c113',
  'a variable of the worker': 'canary-worker-5fa2277e40',
  'a secret of the instance': 'canary-secret-c93d8810b7',
} as const;

test('no credential of the platform reaches a sandbox, prompt, event, log, file, bundle, backup or column', async () => {
  const looked = lookFor(canaries);
  await using place = await makeDataDir();
  await using ended = new AsyncDisposableStack();
  const database = await testDatabase();
  ended.defer(() => database.drop());
  const forge = await startGitServer();
  ended.defer(() => forge.close());
  const models = await startModelServer();
  ended.defer(() => models.close());
  const repository = await forge.add('acme/shop', {
    commits: [{ message: 'Begin', files: { 'README.md': '# Shop\n', 'src/pay.ts': 'export {};\n' } }],
  });
  forge.allow({ username: 'git', password: canaries['the token of the forge'], scope: 'read' });
  for (const command of thefts)
    models.answers.push({ reply: { text: 'I look.', calls: [{ tool: 'run', input: { command } }] } });
  const citations = [{ path: 'README.md', line: 1 }];
  models.answers.push({ reply: { calls: [{ tool: 'answer', input: { answer: 'Nothing.', citations } }] } });
  const env = {
    ...place.env,
    GANTRY_DATABASE_URL: database.url,
    GANTRY_OUTGOING_ALLOW: '127.0.0.1',
    GANTRY_MODEL: 'openai-compatible/looker',
    GANTRY_LOG_LEVEL: 'trace',
    OPENAI_BASE_URL: `${models.url}/v1`,
    OPENAI_API_KEY: canaries['the key of the model'],
    SOME_VARIABLE_OF_THE_OPERATOR: canaries['a variable of the worker'],
  };
  const server = await gantryUp(env);
  const said: string[] = [];
  const cli = async (args: readonly string[], stdin?: string) => {
    const done = await gantry(args, {
      env: { ...place.env, GANTRY_DATABASE_URL: database.url },
      cwd: place.directory,
      ...(stdin !== undefined && { stdin }),
    });
    assert.equal(done.code, 0, `${args.join(' ')}: ${done.stderr}`);
    said.push(done.stdout, done.stderr);
    return done.stdout;
  };
  try {
    await cli(['secrets', 'set', 'DEPLOY_KEY'], canaries['a secret of the instance']);
    await cli(
      ['repos', 'add', repository.url, '--name', 'acme/shop', '--forge', 'git', '--token'],
      canaries['the token of the forge'],
    );
    const asked = await cli(['ask', '--repo', 'acme/shop', 'What is worth stealing here?', '--json']);
    const run = JSON.parse(asked) as { id: string; status: string; output: { answer: string } };
    assert.equal(run.status, 'succeeded', asked);
    look(looked, 'the list of processes', execFileSync('ps', ['-eo', 'args']));
    await cli(['runs', 'show', run.id, '--json']);
    await cli(['backup', 'backup.tar.gz']);
  } finally {
    await stopGantry(server);
  }
  const tables = await lookInDatabase(looked, database.url);
  for (const table of ['events', 'steps', 'model_calls', 'bundles', 'secrets', 'repositories'])
    assert.ok(tables.includes(table), `${table} was looked at`);
  const unpacked = join(place.directory, 'unpacked');
  mkdirSync(unpacked);
  assert.ok((await lookInBundles(looked, database.url, unpacked)) > 0, 'checkpoints were stored');
  const planted = join(place.dataDir, 'planted');
  for (const canary of Object.values(canaries)) {
    const encoded = Buffer.from(`git:${canary}`).toString('base64');
    assert.throws(() => look(looked, 'a place where it was planted', encoded), /is in a place/);
    writeFileSync(planted, encoded);
    assert.throws(() => lookBelow(looked, place.dataDir), /files that hold a canary/);
  }
  rmSync(planted);
  lookBelow(looked, place.dataDir);
  look(looked, 'the backup', gunzipSync(readFileSync(join(place.directory, 'backup.tar.gz'))));
  look(looked, 'the log', await server.stderr);
  said.forEach((text, index) => look(looked, `what command ${index} said`, text));
  const sent = models.requests.map(({ body }) => JSON.stringify(body));
  assert.equal(sent.length, thefts.length + 1, 'the model was asked for each turn');
  assert.ok(sent.at(-1)?.includes('taken.txt') && sent.at(-1)?.includes('HOME='), 'the thefts were tried');
  sent.forEach((text, index) => look(looked, `prompt ${index}`, text));
  assert.ok(looked.places > 300 && looked.bytes > 100_000, `only ${looked.places} places were looked at`);
});
