import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { textFile, type TrialRequest } from '../../trial.ts';
import { openArena } from './arena.ts';

const MiB = 1024 * 1024;
const arena = openArena();

after(() => arena.close());

/** What the filter and the limits must not break. */
const programs: readonly (readonly [title: string, needs: string, request: TrialRequest, output: string])[] =
  [
    [
      'S1 Node',
      '/usr/bin/node',
      { reservesAddressSpace: true, argv: ['node', '-e', 'console.log([1, 2].map((n) => n * 2).join())'] },
      '2,4\n',
    ],
    [
      'S2 Node worker threads',
      '/usr/bin/node',
      {
        reservesAddressSpace: true,
        argv: [
          'node',
          '-e',
          "const { Worker } = require('node:worker_threads'); new Worker('require(\"node:worker_threads\").parentPort.postMessage(42)', { eval: true }).on('message', console.log)",
        ],
      },
      '42\n',
    ],
    [
      'S3 gcc',
      '/usr/bin/gcc',
      {
        argv: ['sh', '-c', 'gcc -O1 -o main main.c -lpthread && ./main'],
        files: [
          textFile(
            'main.c',
            '#include <stdio.h>\n#include <pthread.h>\nvoid *f(void *p) { puts("thread"); return p; }\nint main(void) { pthread_t t; pthread_create(&t, 0, f, 0); pthread_join(t, 0); puts("main"); }',
          ),
        ],
      },
      'thread\nmain\n',
    ],
    ['S4 ruby', '/usr/bin/ruby', { argv: ['ruby', '-e', 'puts Thread.new { 6 * 7 }.value'] }, '42\n'],
    [
      'S5 Python multiprocessing',
      '/usr/bin/python3',
      {
        argv: ['python3', 'main.py'],
        files: [
          textFile(
            'main.py',
            'import multiprocessing\ndef f(n): return n * n\nif __name__ == "__main__":\n  with multiprocessing.Pool(3) as pool: print(pool.map(f, range(4)))',
          ),
        ],
      },
      '[0, 1, 4, 9]\n',
    ],
    [
      'Go toolchain',
      '/usr/bin/go',
      {
        reservesAddressSpace: true,
        argv: ['go', 'run', 'main.go'],
        env: { GOCACHE: '/workspace/.cache', GOPATH: '/workspace/.go', GO111MODULE: 'off', GOMAXPROCS: '2' },
        files: [
          textFile(
            'main.go',
            'package main\n\nfunc main() {\n\tc := make(chan int)\n\tgo func() { c <- 42 }()\n\tprintln(<-c)\n}\n',
          ),
        ],
        limits: {
          wallMs: 60_000,
          cpuMs: 60_000,
          memoryBytes: 1024 * MiB,
          diskBytes: 256 * MiB,
          processes: 128,
          cpus: 2,
        },
      },
      '',
    ],
  ];

for (const [title, needs, request, output] of programs) {
  test(`${title} works`, async (t) => {
    if (!existsSync(needs)) return t.skip(`${needs} is not installed`);
    const result = await arena.attack({ ...request, limits: { wallMs: 20_000, ...request.limits } });
    assert.deepEqual(result.exit, { kind: 'exited', code: 0 }, result.stderr);
    assert.equal(result.stdout, output, result.stderr);
  });
}
