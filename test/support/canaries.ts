import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Client } from 'pg';

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

/** Where was looked for what, and how much there was. */
export interface Looked {
  readonly forms: readonly { readonly what: string; readonly forms: readonly Buffer[] }[];
  places: number;
  bytes: number;
}

/** A search for these texts, named by what they are. */
export function lookFor(canaries: Readonly<Record<string, string>>): Looked {
  const forms = Object.entries(canaries).map(([what, canary]) => ({ what, forms: formsOf(canary) }));
  return { forms, places: 0, bytes: 0 };
}

/** Fails with the name of the place where a canary was found. */
export function look(looked: Looked, place: string, content: Buffer | string): void {
  const bytes = Buffer.from(content);
  looked.places += 1;
  looked.bytes += bytes.length;
  for (const { what, forms: all } of looked.forms) {
    for (const form of all) assert.equal(bytes.indexOf(form), -1, `${what} is in ${place}`);
  }
}

/* By grep, which knows how to skip the holes of disk images. Runtimes are programs of others. */
export function lookBelow(looked: Looked, directory: string): void {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes('/runtime/'),
  );
  assert.ok(
    files.some(({ parentPath }) => parentPath.includes('/mirrors/')),
    'mirrors are among them',
  );
  looked.places += files.length;
  const input = looked.forms.flatMap(({ forms: all }) => all.map(String)).join('\n');
  const args = ['-rlaF', '--exclude-dir=runtime', '-f', '-', directory];
  const { stdout, status } = spawnSync('grep', args, { input, encoding: 'utf8' });
  assert.equal(stdout, '', 'files that hold a canary');
  assert.equal(status, 1);
}

/** Every column of every table, as bytes where it holds bytes. */
export async function lookInDatabase(looked: Looked, url: string): Promise<string[]> {
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
export async function lookInBundles(looked: Looked, url: string, directory: string): Promise<number> {
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
export const thefts = [
  'env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"',
  'git config --list --show-origin; git remote -v; cat .git/config; cat /repository*/config /mirror*/config 2>/dev/null; true',
  'grep -rIl "canar[y]" / --exclude-dir=proc --exclude-dir=sys 2>/dev/null | head; grep -rIh "canar[y]" /workspace /tmp /home /run /etc 2>/dev/null | head; true',
  'env > taken.txt; cat /proc/self/mountinfo >> taken.txt; git log --all > log.txt; true',
  'git fetch origin; git ls-remote; curl -sS http://169.254.169.254/; cat ~/.netrc ~/.git-credentials 2>/dev/null; true',
];
