import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withExecutions, type TestExecutions } from '../../../../test/support/executions.ts';
import { until } from '../../../../test/support/until.ts';
import type { ExecutionInput } from '../schema.ts';

type Program = Omit<ExecutionInput, 'language'>;

const file = (name: string, content: string) => ({ name, content });
const one = (name: string, content: string): Program => ({ files: [file(name, content)] });

const python: Readonly<Record<string, Program>> = {
  'what the interpreter says of itself': {
    ...one(
      'main.py',
      `import os, sys
print(__name__, __file__, __spec__, __loader__.__class__, sorted(globals()))
print(sys.argv, sys.orig_argv, sys.path, sys.flags, sys.executable, sys.warnoptions, sys.stdout.encoding)
print(sorted(sys.modules), sorted(os.environ.items()), os.getcwd(), sorted(os.listdir("/proc/self/fd")))
print(sorted(sys.path_importer_cache), os.listdir("."), os.listdir("/dev/shm"), sys.stdin.read())`,
    ),
    args: ['--a', '', 'b c', 'ü\n'],
    env: { FOO: 'x=y', LINES: 'a\nb', EMPTY: '' },
    stdin: 'in\nput',
  },
  'an uncaught error': one(
    'x.py',
    'def f():\n  raise ValueError("ü")\ntry:\n  f()\nexcept ValueError as e:\n  raise KeyError(1) from e',
  ),
  'a syntax error': one('main.py', 'print(1\nx = = 2'),
  'a file that is no UTF-8': {
    files: [{ name: 'main.py', content: 'cHJpbnQoIv8iKQo=', encoding: 'base64' }],
  },
  'stack frames': one(
    'main.py',
    'import inspect, traceback, warnings\ntraceback.print_stack()\nprint(len(inspect.stack()))\nwarnings.warn("w", stacklevel=2)',
  ),
  'exit codes': one('main.py', 'import sys\nsys.exit("said on stderr")'),
  'exit handlers and threads': one(
    'main.py',
    'import atexit, threading, time\natexit.register(print, "bye")\nthreading.Thread(target=lambda: (time.sleep(.05), print("thread"))).start()\nprint(threading.current_thread().name)',
  ),
  'os._exit': one('main.py', 'import os, atexit\natexit.register(print, "never")\nos._exit(9)'),
  'a signal': one('main.py', 'import os, signal\nos.kill(os.getpid(), signal.SIGTERM)'),
  'an interrupt': one('main.py', 'import os, signal\nos.kill(os.getpid(), signal.SIGINT)'),
  'signal handlers': one(
    'main.py',
    'import os, signal\nsignal.signal(signal.SIGUSR1, lambda *a: print("handled"))\nos.kill(os.getpid(), signal.SIGUSR1)',
  ),
  'multiprocessing, forked and spawned': one(
    'main.py',
    'import multiprocessing as m\ndef f(x): return x * x\nif __name__ == "__main__":\n  for way in ("fork", "spawn"):\n    with m.get_context(way).Pool(2) as p: print(way, p.map(f, range(5)))',
  ),
  'modules beside the script and a main in a folder': {
    files: [
      file(
        'app/main.py',
        'import sys, lib.a, __main__\nprint(lib.a.x, sys.path[0], __file__, __main__.__file__)',
      ),
      file('app/lib/a.py', 'x = 1'),
    ],
  },
  'a subprocess of the same interpreter': one(
    'main.py',
    'import subprocess, sys\nsys.exit(subprocess.run([sys.executable, "-c", "import sys; print(sys.argv, sys.path[0]); sys.exit(4)"]).returncode)',
  ),
  'dataclasses, pickle and typing of __main__': one(
    'main.py',
    'import dataclasses, pickle\n@dataclasses.dataclass\nclass A: x: int\nprint(pickle.loads(pickle.dumps(A(1))), A.__module__)',
  ),
  'an asyncio program': one(
    'main.py',
    'import asyncio\nasync def f():\n  await asyncio.sleep(.01); print("async")\nasyncio.run(f())',
  ),
  'reading stdin line by line': {
    ...one('main.py', 'import fileinput\nfor line in fileinput.input(): print(repr(line), input())'),
    stdin: 'a\nb\nc\nd\n',
  },
  'deep recursion': one(
    'main.py',
    'import sys\ndef f(n): return f(n + 1)\ntry: f(0)\nexcept RecursionError as e: print(e, sys.getrecursionlimit())',
  ),
  'a long name': one(`${'ü'.repeat(100)}.py`, 'print(__file__, open(__file__).read())'),
  'a file object on its own source': one(
    'main.py',
    'import linecache, inspect, sys\nprint(inspect.getsource(sys.modules["__main__"]))',
  ),
};

const javascript: Readonly<Record<string, Program>> = {
  'what the runtime says of itself': {
    ...one(
      'main.js',
      `const fs = require('fs');
console.log(process.argv, process.execArgv, process.execPath, Object.entries(process.env).sort(), process.cwd(), process.title);
console.log(require.main === module, process.mainModule === module, module.id, module.parent, module.children, module.paths, module.filename);
console.log(Object.keys(require.cache), Object.keys(globalThis), fs.readdirSync('.'), process.exitCode, typeof process._eval);
console.log(fs.readFileSync(0, 'utf8'), Object.getOwnPropertyDescriptor(require('module'), 'runMain').writable);`,
    ),
    args: ['--a', '', 'b c', 'ü\n'],
    env: { FOO: 'x=y', LINES: 'a\nb', EMPTY: '' },
    stdin: 'in\nput',
  },
  'an uncaught error': one(
    'x.js',
    'function f() { throw new TypeError("ü", { cause: new Error("c") }) }\nf()',
  ),
  'an error of its own stack': one('x.js', 'console.log(new Error("here").stack); console.trace("t")'),
  'an unhandled rejection': one('x.js', 'Promise.reject(new Error("no"))'),
  'a syntax error': one('x.js', 'let x = ;'),
  'an ES module with top-level await': {
    files: [
      file(
        'main.mjs',
        'import { x } from "./x.js"; console.log(await x, import.meta.url, import.meta.main, import.meta.filename, process.argv[1]); throw new Error("after")',
      ),
      file('x.js', 'export const x = Promise.resolve(3)'),
    ],
  },
  'a module told by its syntax': one(
    'main.js',
    'import fs from "node:fs"; console.log(typeof require, typeof fs.readFileSync, await 1)',
  ),
  'a module told by its package.json': {
    files: [file('main.js', 'console.log(typeof require)'), file('package.json', '{"type":"module"}')],
  },
  'top-level await that never settles': one('main.mjs', 'await new Promise(() => {})'),
  'CommonJS by name': {
    files: [
      file('main.cjs', 'console.log(require("./data.json").a, __filename, __dirname)'),
      file('data.json', '{"a":1}'),
    ],
  },
  'exit codes and handlers': one(
    'x.js',
    'process.on("exit", (code) => console.log("bye", code)); setTimeout(() => process.exit(6), 10)',
  ),
  'a signal': one('x.js', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1000)'),
  'worker threads': one(
    'x.js',
    'const { Worker, isMainThread, threadId } = require("worker_threads"); if (isMainThread) new Worker(__filename).on("exit", (c) => console.log("exit", c)); else console.log("worker", process.argv, process.execArgv, Object.keys(require.cache), require.main === module)',
  ),
  'a forked child': one(
    'x.js',
    'const cp = require("child_process"); if (process.send) { console.log("child", process.argv, process.execArgv); process.disconnect(); } else cp.fork(__filename, ["c"])',
  ),
  'stdin as a stream': {
    ...one(
      'x.mjs',
      'import readline from "node:readline"; for await (const line of readline.createInterface({ input: process.stdin })) console.log([line])',
    ),
    stdin: 'a\nb',
  },
  'a missing module': one('x.js', 'require("./nope")'),
  'a main in a folder': {
    files: [file('a/main.js', 'console.log(__filename, require("./b").c)'), file('a/b.js', 'exports.c = 1')],
  },
  'a file without an ending': one('main', 'console.log(1, __filename)'),
};

const typescript: Readonly<Record<string, Program>> = {
  'types are stripped': {
    files: [
      file(
        'main.ts',
        'import { f, type T } from "./f.ts"; const t: T = { a: 1 }; console.log(f(t), process.argv, import.meta.url); throw new Error("x" satisfies string)',
      ),
      file('f.ts', 'export interface T { a: number }\nexport const f = ({ a }: T): number => a'),
    ],
  },
  'a type error is no error, a syntax error is': one(
    'main.ts',
    'const a: number = "text"; console.log(a); let b: = 1',
  ),
  'what needs more than stripping': one('main.ts', 'enum A { B }\nconsole.log(A.B)'),
  'CommonJS in TypeScript': one(
    'main.cts',
    'const x: number = require("node:fs").constants.O_RDONLY; console.log(x, require.main === module)',
  ),
};

const suites = { python, javascript, typescript };

async function parkedFor({ resources }: TestExecutions, count: number): Promise<void> {
  await until(() => resources.sandboxes.stats().parked >= count);
}

test('a program cannot tell a warm start from a cold one', async (t) => {
  await withExecutions({}, async (cold) => {
    await withExecutions({ warm: { count: 2, languages: ['python', 'javascript'] } }, async (warm) => {
      for (const [language, programs] of Object.entries(suites)) {
        for (const [title, program] of Object.entries(programs)) {
          await t.test(`${language}: ${title}`, async () => {
            await parkedFor(warm, 4);
            const [expected, actual] = [
              await cold.output({ language, ...program }),
              await warm.output({ language, ...program }),
            ];
            assert.deepEqual([expected.warm, actual.warm], [false, true]);
            const { outcome, exitCode, signal, stdout, stderr, truncated } = expected;
            assert.partialDeepStrictEqual(actual, { outcome, exitCode, signal, stdout, stderr, truncated });
          });
        }
      }
    });
  });
});

test('a program that asks for what a waiting interpreter cannot give starts cold', async () => {
  await withExecutions({ warm: { count: 1, languages: ['python', 'js'] } }, async (executions) => {
    await parkedFor(executions, 2);
    const { output } = executions;
    const encoding = await output({
      language: 'python',
      ...one('a.py', 'import sys; print(sys.stdout.encoding)'),
      env: { PYTHONIOENCODING: 'latin-1' },
    });
    assert.deepEqual([encoding.warm, encoding.stdout], [false, 'iso8859-1\n']);
    const heap = await output({
      language: 'javascript',
      ...one('a.js', 'console.log(process.execArgv[0])'),
      limits: { memoryBytes: 134_217_728 },
    });
    assert.deepEqual([heap.warm, heap.stdout], [false, '--max-old-space-size=96\n']);
  });
});

test('waiting interpreters share nothing: hash seeds, random numbers and addresses differ', async () => {
  await withExecutions({ warm: { count: 3, languages: ['python'] } }, async (executions) => {
    const seen = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      await parkedFor(executions, 1);
      const { warm, stdout } = await executions.output({
        language: 'python',
        ...one('a.py', 'import random\nprint(hash("a"), random.random(), id(object()))'),
      });
      assert.ok(warm);
      for (const word of stdout.split(' ')) seen.add(word);
    }
    assert.equal(seen.size, 9);
  });
});
