import { readFileSync } from 'node:fs';
import type { SandboxLimits } from '../../../resources/ports/sandbox.ts';
import type { Warmth } from './language.ts';

const script = (name: string) => readFileSync(new URL(`boot/${name}`, import.meta.url), 'utf8');

/** As long as any path may be: the name of the real script is written over it. */
const placeholder = 'script-not-yet-known-'.padEnd(4000, '.');

const startPython = 'mkdir "$1" && printf %s "$2" >"$1/sitecustomize.py" && PYTHONPATH=$1 exec "$3" -u "$4"';

export const pythonWarmth: Warmth = {
  key: (version) => `python ${version}`,
  argv: (program) => [
    '/bin/sh',
    '-c',
    startPython,
    'sh',
    '/dev/shm/.boot',
    script('python.py'),
    program,
    placeholder,
  ],
  readsAtStart: /^(PYTHON.*|LANG|LANGUAGE|LC_.*|TZ|LD_.*|MALLOC_.*|GLIBC_.*|HOME|PATH)$/,
};

// Not in the workspace: Node would look for a package.json there before the program's own has come, and remember.
const startNode = 'printf %s "$2" >"$1" && exec env -C / "$3" "$4" --require "$1" "$PWD"';

export const nodeWarmth: Warmth = {
  key: (version, limits) => `node ${version} ${heapFlag(limits)}`,
  argv: (program, limits) => [
    '/bin/sh',
    '-c',
    startNode,
    'sh',
    '/dev/shm/.boot.cjs',
    script('node.cjs'),
    program,
    heapFlag(limits),
  ],
  readsAtStart:
    /^(NODE_.*|UV_.*|LANG|LANGUAGE|LC_.*|TZ|LD_.*|MALLOC_.*|GLIBC_.*|SSL_.*|OPENSSL_.*|ICU_.*|HOME|PATH)$/,
};

/** Leaves V8 room beside its heap, so that it collects before the kernel kills. */
export function heapFlag(limits: SandboxLimits): string {
  return `--max-old-space-size=${Math.max(16, Math.floor((limits.memoryBytes / 1_048_576) * 0.75))}`;
}

/** What a waiting interpreter reads: NUL-ended entry, number of arguments, arguments, and `NAME=value` for each variable. */
export function bootPayload(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Uint8Array {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return Buffer.from([entry, String(args.length), ...args, ...variables].map((part) => `${part}\0`).join(''));
}
