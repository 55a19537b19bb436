import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
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

/** As it is, and as it would look sent by basic authentication, in hex, or in base64. */
function formsOf(canary: string): Buffer[] {
  const bytes = Buffer.from(canary);
  const cores = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [canary, bytes.toString('hex'), ...cores].map((form) => Buffer.from(form));
}

const forms = Object.entries(canaries).map(([what, canary]) => ({ what, forms: formsOf(canary) }));

interface Looked {
  places: number;
  bytes: number;
}

/** Fails with the name of the place where a canary was found. */
function look(looked: Looked, place: string, content: Buffer | string): void {
  const bytes = Buffer.from(content);
  looked.places += 1;
  looked.bytes += bytes.length;
  for (const { what, forms: all } of forms) {
    for (const form of all) assert.equal(bytes.indexOf(form), -1, `${what} is in ${place}`);
  }
}

/* By grep, which knows how to skip the holes of disk images. Runtimes are programs of others. */
function lookBelow(looked: Looked, directory: string): void {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes('/runtime/'),
  );
  assert.ok(
    files.some(({ parentPath }) => parentPath.includes('/mirrors/')),
    'mirrors are among them',
  );
  looked.places += files.length;
  const input = forms.flatMap(({ forms: all }) => all.map(String)).join('\n');
  const args = ['-rlaF', '--exclude-dir=runtime', '-f', '-', directory];
  const { stdout, status } = spawnSync('grep', args, { input, encoding: 'utf8' });
  assert.equal(stdout, '', 'files that hold a canary');
  assert.equal(status, 1);
}

/** Every column of every table, as bytes where it holds bytes. */
async function lookInDatabase(looked: Looked, url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
      `SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public'`,
    );
    for (const { table, column, type } of columns) {
      const value = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
      const { rows } = await client.query<{ value: Buffer | null }>(
        `SELECT ${value} AS value FROM "${table}"`,
      );
      for (const row of rows) if (row.value) look(looked, `${table}.${column}`, row.value);
    }
    return columns.map(({ table }) => table);
  } finally {
    await client.end();
  }
}

/** Every object of every stored bundle, unpacked: what a run's files were at each of its checkpoints. */
async function lookInBundles(looked: Looked, url: string, directory: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; data: Buffer }>(
      `SELECT b.id, string_agg(c.data, ''::bytea ORDER BY c.n) AS data FROM bundles b
       JOIN bundle_chunks c ON c.bundle_id = b.id GROUP BY b.id, b.depth ORDER BY b.depth`,
    );
    const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, maxBuffer: 1024 ** 3 });
    git('init', '--quiet', '--bare', '.');
    for (const { id, data } of rows) {
      // After the head of a bundle comes a pack, which may rest on what came before.
      const pack = data.subarray(data.indexOf('PACK'));
      execFileSync('git', ['unpack-objects', '-q'], { cwd: directory, input: pack });
      assert.ok(pack.length > 0, `bundle ${id} holds something`);
    }
    look(looked, 'a stored bundle', git('cat-file', '--batch-all-objects', '--batch', '--buffer'));
    return rows.length;
  } finally {
    await client.end();
  }
}

/** What somebody would do who has found a way to run commands: look for what is worth stealing. */
const thefts = [
  'env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"',
  'git config --list --show-origin; git remote -v; cat .git/config; cat /repository*/config /mirror*/config 2>/dev/null; true',
  'grep -rIl "canar[y]" / --exclude-dir=proc --exclude-dir=sys 2>/dev/null | head; grep -rIh "canar[y]" /workspace /tmp /home /run /etc 2>/dev/null | head; true',
  'env > taken.txt; cat /proc/self/mountinfo >> taken.txt; git log --all > log.txt; true',
  'git fetch origin; git ls-remote; curl -sS http://169.254.169.254/; cat ~/.netrc ~/.git-credentials 2>/dev/null; true',
];

test('no credential of the platform reaches a sandbox, prompt, event, log, file, bundle, backup or column', async () => {
  const looked: Looked = { places: 0, bytes: 0 };
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
