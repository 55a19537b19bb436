import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { connect, query } from '../../../test/support/postgres-client.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { backupTo } from './backup.ts';
import { restoreFrom } from './restore.ts';
import { knownMigrations } from '../migration-files.ts';
import { createSchema, listTables } from './schema.ts';

let directory: string;
let file: string;
let source: TestDatabase;
let target: TestDatabase;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gantry-backup-'));
  file = join(directory, 'saved.tar.gz');
});
after(() => rm(directory, { recursive: true, force: true }));
beforeEach(async () => {
  [source, target] = await Promise.all([testDatabase(), emptyDatabase()]);
});
afterEach(async () => {
  await Promise.all([source.drop(), target.drop()]);
});

const hostile = [
  '',
  ' \t\n\r\\\\N \\. \\x00',
  '\\N',
  `quote ' " $$ ; DROP TABLE runs; --`,
  '😀 \u202E \u0001\u007F\u2028',
  'x'.repeat(5_000_000),
];

test('a round trip brings back every row of every table exactly, and where the sequences stand', async () => {
  await fillWithHostileRows(source.url);
  const progress: string[] = [];
  const manifest = await backup({ onProgress: (text) => progress.push(text) });
  assert.equal(manifest.tables.find(({ name }) => name === 'users')?.rows, hostile.length);
  assert.ok(progress.includes('Saving users'));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory), ['saved.tar.gz']);

  await restoreFrom({ url: target.url, file });
  assert.deepEqual(await fingerprints(target.url), await fingerprints(source.url));
  const names = await query(target.url, 'SELECT name FROM users ORDER BY id');
  assert.deepEqual(
    names.map(({ name }) => name),
    hostile,
  );
  const next = `SELECT nextval('migrations_id_seq') AS n`;
  assert.deepEqual(await query(target.url, next), await query(source.url, next));
  assert.equal((await query(target.url, "SELECT 1 FROM pg_constraint WHERE contype = 'f'")).length > 0, true);
});

test('rows far larger than memory should hold pass through in pieces', async () => {
  await query(
    source.url,
    `INSERT INTO signals (id, run_id, name, payload)
     SELECT gen_random_uuid(), gen_random_uuid(), 'n', to_json(repeat(md5(n::text), 100)) FROM generate_series(1, 20000) n`,
  );
  const before = process.memoryUsage().rss;
  const manifest = await backup();
  await restoreFrom({ url: target.url, file });
  assert.ok((manifest.tables.find(({ name }) => name === 'signals')?.bytes ?? 0) > 64_000_000);
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024, 'the backup was held in memory');
  assert.deepEqual(await fingerprints(target.url), await fingerprints(source.url));
});

test('a backup is one moment, however much is written meanwhile', async () => {
  await query(source.url, user('first'));
  const before = await fingerprints(source.url);
  await backup({
    onProgress: (text) => void (text === 'Saving accounts' && query(source.url, user('second'))),
  });
  await restoreFrom({ url: target.url, file });
  assert.deepEqual(await fingerprints(target.url), before);
});

test('a file that is cut short, changed or something else is refused, and nothing is touched', async () => {
  await query(source.url, user('ada'));
  await backup();
  const whole = await readFile(file);
  const before = await fingerprints(source.url);
  const archive = gunzipSync(whole);
  const flipped = Buffer.from(archive);
  const at = flipped.indexOf('ada@');
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  const damaged: Record<string, Buffer> = {
    'ends too early': whole.subarray(0, whole.length - 9),
    'ends in the middle': whole.subarray(0, whole.length / 2),
    'one bit of a row differs': gzipSync(flipped),
    'not a gzip': Buffer.from('hello'),
    'an empty file': Buffer.alloc(0),
    'without a manifest': gzipSync(Buffer.alloc(1024)),
  };
  for (const [what, bytes] of Object.entries(damaged)) {
    const path = join(directory, 'damaged.tar.gz');
    await writeFile(path, bytes);
    await assert.rejects(
      restoreFrom({ url: source.url, file: path, force: true }),
      { code: 'BACKUP_UNREADABLE' },
      what,
    );
  }
  await rm(join(directory, 'damaged.tar.gz'));
  await assert.rejects(restoreFrom({ url: source.url, file: '/nonexistent/x' }), { code: 'NOT_FOUND' });
  assert.deepEqual(await fingerprints(source.url), before);
});

test('only an empty database of Gantry is filled, unless everything in it may go', async () => {
  await query(source.url, user('ada'));
  await backup();
  const other = await testDatabase();
  try {
    await query(other.url, user('bob'));
    await assert.rejects(restoreFrom({ url: other.url, file }), {
      code: 'CONFLICT',
      message: /rows in users.*--force/,
    });
    await restoreFrom({ url: other.url, file, force: true });
    assert.deepEqual(await fingerprints(other.url), await fingerprints(source.url));
  } finally {
    await other.drop();
  }
  await query(target.url, 'CREATE TABLE theirs (n int)');
  await assert.rejects(restoreFrom({ url: target.url, file, force: true }), {
    code: 'CONFLICT',
    message: /theirs/,
  });
});

test('a database that a Gantry works on is not replaced under it', async () => {
  await backup();
  const client = new Client({ connectionString: source.url, application_name: 'gantry' });
  await client.connect();
  try {
    const restoring = restoreFrom({ url: source.url, file, force: true });
    await assert.rejects(restoring, { code: 'CONFLICT', message: /gantry down/ });
  } finally {
    await client.end();
  }
});

test('a backup of an older version is restored and brought up to date; one of a newer version is refused', async () => {
  const older = await emptyDatabase();
  const known = knownMigrations();
  try {
    const client = await connect(older.url);
    await createSchema(client, known.slice(0, 2));
    for (const { hash, createdAt } of known.slice(0, 2)) {
      await client.query('INSERT INTO migrations (hash, created_at) VALUES ($1, $2)', [hash, createdAt]);
    }
    await client.end();
    await query(older.url, user('ada'));
    assert.equal((await backup({ url: older.url })).migrations.length, 2);
  } finally {
    await older.drop();
  }
  await restoreFrom({ url: target.url, file });
  assert.deepEqual(await query(target.url, 'SELECT name FROM users'), [{ name: 'ada' }]);
  assert.equal((await query(target.url, 'SELECT 1 FROM migrations')).length, known.length);

  await query(
    target.url,
    `INSERT INTO migrations (hash, created_at) VALUES ('of the future', 9999999999999)`,
  );
  await backup({ url: target.url });
  await assert.rejects(restoreFrom({ url: target.url, file, force: true }), {
    code: 'BACKUP_UNREADABLE',
    message: /Update Gantry first/,
  });
});

test('what is no Gantry database has no backup, and a place that cannot be written is named', async () => {
  await assert.rejects(backup({ url: target.url }), { code: 'CONFLICT' });
  await assert.rejects(backup({ file: '/nonexistent/file' }), { code: 'DATA_DIR_UNUSABLE' });
  await assert.rejects(backup({ file: '/dev/full/x' }), { code: 'DATA_DIR_UNUSABLE' });
});

function backup(options: { url?: string; file?: string; onProgress?: (text: string) => void } = {}) {
  return backupTo({ url: source.url, file, gantryVersion: '0.0.0', ...options });
}

function user(name: string): string {
  return `INSERT INTO users (id, name, email) VALUES ('${name}', '${name}', '${name}@example.org')`;
}

async function fillWithHostileRows(url: string): Promise<void> {
  const client = await connect(url);
  for (const [index, text] of hostile.entries()) {
    const bytes = Buffer.concat([Buffer.from([0, 9, 10, 13, 92, 255]), Buffer.from(text)]);
    await client.query('INSERT INTO users (id, name, email, created_at) VALUES ($1, $2, $1, $3)', [
      String(index),
      text,
      index % 2 === 0 ? '2026-03-29 02:30:00.123456+05:45' : 'infinity',
    ]);
    await client.query(
      `INSERT INTO secrets (id, scope, owner, name, sealed, key_id) VALUES (gen_random_uuid(), 'user', $1, 'A', $2, '')`,
      [String(index), bytes],
    );
    await client.query(
      'INSERT INTO signals (id, run_id, name, payload) VALUES (gen_random_uuid(), gen_random_uuid(), $1, $2)',
      ['answer', JSON.stringify({ b: [text.slice(0, 100)], a: null, n: 1e21, duplicate: 1 })],
    );
  }
  await client.end();
}

/** For each table its number of rows and a sum over all of them, whatever their order. */
async function fingerprints(url: string): Promise<Record<string, string>> {
  const client = await connect(url);
  await client.query(`SET timezone = 'Asia/Kathmandu'`);
  const found: Record<string, string> = {};
  for (const { name, columns } of await listTables(client)) {
    const { rows } = await client.query<{ line: string }>(
      `SELECT md5(ROW(${columns.map((column) => `"${column}"`).join(', ')})::text) AS line FROM "${name}" ORDER BY 1`,
    );
    found[name] = `${rows.length} ${createHash('sha256')
      .update(rows.map(({ line }) => line).join())
      .digest('hex')}`;
  }
  await client.end();
  return found;
}
