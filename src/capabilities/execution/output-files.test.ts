import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withExecutions } from '../../../test/support/executions.ts';
import { asSystem, finished } from '../../../test/support/with-kernel.ts';
import { createArtifacts } from '../../resources/artifacts.ts';
import { executionOutputSchema } from './schema.ts';

const python = (content: string) => ({ language: 'python', files: [{ name: 'main.py', content }] });

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

test('files that a program leaves are kept with the run, named and measured in its output, and go with it', async () => {
  await withExecutions({}, async ({ kernel, db, execute }) => {
    const run = await execute(
      python(`
import os, base64
out = os.environ["GANTRY_OUTPUT"]
os.mkdir(out + "/sub")
open(out + "/sub/data.csv", "w").write("a,b\\n1,2\\n")
open(out + "/dot.png", "wb").write(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="))
open(out + "/big.bin", "wb").write(bytes(range(256)) * 5000)
open(out + "/empty", "w").close()
open(out + "/fake.png", "w").write("<script>alert(1)</script>")
os.symlink("/etc/passwd", out + "/link")
`),
    );
    const output = executionOutputSchema.parse(run.output);
    assert.deepEqual(
      output.files.map(({ name, bytes, mediaType }) => [name, bytes, mediaType]),
      [
        ['big.bin', 1_280_000, 'application/octet-stream'],
        ['dot.png', 70, 'image/png'],
        ['empty', 0, 'text/plain'],
        ['fake.png', 25, 'text/plain'],
        ['sub/data.csv', 8, 'text/plain'],
      ],
    );
    assert.deepEqual(output.skipped, [{ name: 'link', reason: 'link' }]);
    const artifacts = createArtifacts(() => db);
    assert.deepEqual(await artifacts.list(run.id), output.files);
    const [big] = output.files;
    assert.ok(big);
    assert.deepEqual(
      await bytesOf(artifacts.read(big.id)),
      Buffer.from(Array.from({ length: 1_280_000 }, (_, n) => n % 256)),
    );
    await assert.rejects(artifacts.get(run.id, run.id), { code: 'NOT_FOUND' });
    await kernel.discard(run.id);
    const left = await db.query(
      'SELECT id::text FROM artifacts UNION ALL SELECT artifact_id::text FROM artifact_chunks',
    );
    assert.deepEqual(left, []);
  });
});

test('a run asks for fewer files than are there, and is told what was not kept; also one that failed keeps its files', async () => {
  await withExecutions({}, async ({ output }) => {
    const many = 'import os\nfor i in range(5): open(f"/output/f{i}", "w").write("x" * 10)\nos._exit(3)';
    const few = await output({ ...python(many), output: { files: 2 } });
    assert.equal(few.outcome, 'failed');
    assert.deepEqual(
      few.files.map(({ name }) => name),
      ['f0', 'f1'],
    );
    assert.deepEqual(
      few.skipped.map(({ reason }) => reason),
      ['too_many', 'too_many', 'too_many'],
    );
    const none = await output({ ...python(many), output: { files: 0 } });
    assert.deepEqual([none.files, none.skipped.length], [[], 5]);
  });
});

test('a step that happens again replaces what it left before, and a worker that lost the run stores nothing', async () => {
  await withExecutions({}, async ({ kernel, db, execute }) => {
    const run = await execute(python('open("/output/a", "w").write("one")'));
    const artifacts = createArtifacts(() => db);
    const [row] = await db.query<{ claim: number }>('SELECT claim FROM runs WHERE id = $1', [run.id]);
    const owner = { runId: run.id, step: 'run', ordinal: 0, claim: row?.claim ?? 0, workerId: 'w' };
    async function* files(...names: string[]) {
      for (const name of names) yield { name, content: Buffer.from(name) };
    }
    await assert.rejects(artifacts.save(owner, files('late')), { name: 'RunLost' });
    await db.query(`UPDATE runs SET status = 'running', worker_id = 'w' WHERE id = $1`, [run.id]);
    await assert.rejects(artifacts.save({ ...owner, claim: 7 }, files('late')), { name: 'RunLost' });
    await artifacts.save(owner, files('b', 'c'));
    assert.deepEqual(
      (await artifacts.list(run.id)).map(({ name }) => name),
      ['b', 'c'],
    );
    await artifacts.save({ ...owner, ordinal: 1 }, files('b'));
    const broken = async function* () {
      yield { name: 'd', content: Buffer.from('d') };
      throw new Error('torn');
    };
    await assert.rejects(artifacts.save(owner, broken()), /torn/);
    assert.deepEqual(
      (await artifacts.list(run.id)).map(({ name }) => name),
      ['b', 'c', 'b'],
    );
    await db.query(`UPDATE runs SET status = 'succeeded', worker_id = NULL WHERE id = $1`, [run.id]);
    await kernel.discard(run.id);
  });
});

test('a compiled program leaves files as well, and what the compiler would leave is not collected when it fails', async (t) => {
  await withExecutions({}, async ({ output, installed }) => {
    if (!installed.has('c')) return t.skip('no C compiler here');
    const file = 'FILE *f = fopen("/output/c", "w"); fputs("hi", f); fclose(f);';
    const good = await output({
      language: 'c',
      files: [{ name: 'a.c', content: `#include <stdio.h>\nint main() { ${file} return 0; }` }],
    });
    assert.deepEqual(
      good.files.map(({ name, bytes }) => [name, bytes]),
      [['c', 2]],
    );
    const bad = await output({ language: 'c', files: [{ name: 'a.c', content: 'int main( {' }] });
    assert.deepEqual([bad.outcome, bad.files], ['compile_failed', []]);
  });
});

test('figures are told while a program runs, with its limits', async () => {
  await withExecutions({}, async ({ kernel }) => {
    const input = python(
      'x = bytearray(40 << 20)\nimport time\nend = time.time() + 1.3\nwhile time.time() < end: pass',
    );
    const { run } = await kernel.start({ ...asSystem, capability: 'execution', input });
    await finished(kernel, run.id);
    const events = await kernel.events(run.id, 0, 100);
    const usage = events.flatMap((event) => (event.type === 'usage' ? [event.data] : []));
    assert.ok(usage.length >= 1 && usage.length <= 3, String(usage.length));
    assert.ok((usage[0]?.memoryBytes ?? 0) > 40e6);
    assert.deepEqual(usage[0]?.limits, { wallMs: 10_000, cpuMs: 10_000, memoryBytes: 268_435_456 });
  });
});
