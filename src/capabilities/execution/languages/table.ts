import { dirname } from 'node:path/posix';
import type { Job, Language } from './language.ts';
import { cExamples, cppExamples } from './examples/c-family.ts';
import { goExamples, javaExamples, rustExamples } from './examples/compiled.ts';
import { javascriptExamples, typescriptExamples } from './examples/javascript.ts';
import { pythonExamples } from './examples/python.ts';
import { luaExamples, phpExamples, rubyExamples } from './examples/scripts.ts';
import { bashExamples, perlExamples } from './examples/shells.ts';
import { mainClass } from './main-class.ts';
import { heapFlag, nodeWarmth, pythonWarmth } from './warmth.ts';

const MiB = 1_048_576;

/** Where a Node that Gantry brings along is shown in the sandbox. */
export const nodeDirectory = '/opt/node/bin';

/** What a compiler makes. */
const built = '.gantry-program';

/** Built into C programs: stdout by the line, as on a terminal, so that what was printed is there when a limit strikes. */
const lineBuffering = {
  path: '.gantry-stdout.c',
  content: Buffer.from(
    '#include <stdio.h>\n__attribute__((constructor)) static void by_line(void) { setvbuf(stdout, NULL, _IOLBF, BUFSIZ); }\n',
  ),
};

/** What programs take for granted, where it isn't built in: without `php.ini` PHP loads nothing by itself. */
const phpExtensions = ['bcmath', 'ctype', 'gmp', 'iconv', 'intl', 'mbstring', 'posix', 'tokenizer'];

const compilers = { memoryBytes: 256 * MiB, diskBytes: 128 * MiB };

/** Every language, one entry each. What a machine really offers is found out by `discover.ts`. */
export const languages: readonly Language[] = [
  {
    name: 'python',
    aliases: ['py', 'python3'],
    extensions: ['.py'],
    examples: pythonExamples,
    programs: ['/usr/bin/python3.[0-9]', '/usr/bin/python3.[0-9][0-9]', '/usr/local/bin/python3.[0-9][0-9]'],
    versionArgs: ['--version'],
    versionPattern: /^Python (\d+\.\d+\.\d+)/,
    run: ({ program, entry }) => [program, '-u', entry],
    outOfMemory: /^MemoryError\b/m,
    warmth: pythonWarmth,
  },
  {
    name: 'javascript',
    aliases: ['js', 'node', 'nodejs'],
    extensions: ['.js', '.mjs', '.cjs'],
    examples: javascriptExamples,
    programs: [`${nodeDirectory}/node`, '/usr/bin/node', '/usr/local/bin/node'],
    versionArgs: ['--version'],
    versionPattern: /^v(\d+\.\d+\.\d+)/,
    run: ({ program, entry, limits }) => [program, heapFlag(limits), entry],
    reservesAddressSpace: true,
    outOfMemory: /JavaScript heap out of memory/,
    warmth: nodeWarmth,
  },
  {
    name: 'typescript',
    aliases: ['ts'],
    extensions: ['.ts', '.mts', '.cts'],
    examples: typescriptExamples,
    needsExtension: true,
    programs: [`${nodeDirectory}/node`, '/usr/bin/node', '/usr/local/bin/node'],
    versionArgs: ['--version'],
    versionPattern: /^v(\d+\.\d+\.\d+)/,
    supported: '>=24.3.0',
    run: ({ program, entry, limits }) => [program, heapFlag(limits), entry],
    reservesAddressSpace: true,
    outOfMemory: /JavaScript heap out of memory/,
    warmth: nodeWarmth,
  },
  {
    name: 'bash',
    aliases: ['sh', 'shell'],
    extensions: ['.sh', '.bash'],
    highlight: 'shell',
    examples: bashExamples,
    programs: ['/usr/bin/bash', '/usr/local/bin/bash'],
    versionArgs: ['--version'],
    versionPattern: /version (\d+\.\d+\.\d+)/,
    run: ({ program, entry }) => [program, entry],
    outOfMemory: /: x(m|re|c)alloc: cannot allocate \d+ bytes/,
  },
  {
    name: 'ruby',
    aliases: ['rb'],
    extensions: ['.rb'],
    examples: rubyExamples,
    programs: ['/usr/bin/ruby[0-9]*', '/usr/bin/ruby', '/usr/local/bin/ruby'],
    versionArgs: ['--version'],
    versionPattern: /^ruby (\d+\.\d+\.\d+)/,
    prelude: [{ path: '.gantry-prelude.rb', content: Buffer.from('$stdout.sync = true\n') }],
    run: ({ program, entry }) => [program, '-r./.gantry-prelude.rb', entry],
    outOfMemory: /NoMemoryError/,
  },
  {
    name: 'perl',
    aliases: ['pl', 'perl5'],
    extensions: ['.pl'],
    examples: perlExamples,
    programs: ['/usr/bin/perl', '/usr/local/bin/perl'],
    versionArgs: ['--version'],
    versionPattern: /\(v(\d+\.\d+\.\d+)\)/,
    run: ({ program, entry }) => [program, '-M5;$|=1', entry],
    outOfMemory: /^Out of memory/m,
  },
  {
    name: 'php',
    aliases: [],
    extensions: ['.php'],
    examples: phpExamples,
    programs: ['/usr/bin/php[0-9]*', '/usr/bin/php', '/usr/local/bin/php'],
    versionArgs: [
      '-n',
      '-r',
      'echo "PHP ", PHP_VERSION, "\n"; foreach (glob(ini_get("extension_dir") . "/*.so") as $file) echo basename($file, ".so"), "\n";',
    ],
    versionPattern: /^PHP (\d+\.\d+\.\d+)/,
    run: ({ program, report, entry }) => [
      program,
      '-n',
      ...phpExtensions.flatMap((name) =>
        report.split('\n').includes(name) ? ['-d', `extension=${name}`] : [],
      ),
      '-d',
      'memory_limit=-1',
      '-d',
      'display_errors=stderr',
      entry,
    ],
    outOfMemory: /Allowed memory size|Out of memory/,
  },
  {
    name: 'lua',
    aliases: [],
    extensions: ['.lua'],
    examples: luaExamples,
    programs: ['/usr/bin/lua5.[0-9]', '/usr/bin/lua', '/usr/local/bin/lua'],
    versionArgs: ['-v'],
    versionPattern: /^Lua (\d+\.\d+\.\d+)/,
    run: ({ program, entry }) => [program, '-e', 'io.stdout:setvbuf("line")', entry],
    outOfMemory: /not enough memory/,
  },
  {
    name: 'c',
    aliases: ['gcc'],
    extensions: ['.c'],
    examples: cExamples,
    needsExtension: true,
    programs: ['/usr/bin/gcc-[0-9]*', '/usr/bin/gcc', '/usr/local/bin/gcc'],
    versionArgs: ['-dumpfullversion'],
    versionPattern: /^(\d+\.\d+\.\d+)$/m,
    limits: compilers,
    prelude: [lineBuffering],
    compile: {
      argv: (job) => [
        job.program,
        '-O2',
        '-o',
        built,
        ...named(job, ['.c']),
        lineBuffering.path,
        ...job.options,
        '-lm',
      ],
    },
    run: () => [`./${built}`],
  },
  {
    name: 'c++',
    aliases: ['cpp', 'cxx', 'g++'],
    extensions: ['.cpp', '.cc', '.cxx'],
    highlight: 'cpp',
    examples: cppExamples,
    needsExtension: true,
    programs: ['/usr/bin/g++-[0-9]*', '/usr/bin/g++', '/usr/local/bin/g++'],
    versionArgs: ['-dumpfullversion'],
    versionPattern: /^(\d+\.\d+\.\d+)$/m,
    limits: compilers,
    prelude: [lineBuffering],
    compile: {
      argv: (job) => [
        job.program,
        '-O2',
        '-o',
        built,
        ...named(job, ['.cpp', '.cc', '.cxx']),
        lineBuffering.path,
        ...job.options,
      ],
    },
    run: () => [`./${built}`],
    outOfMemory: /std::bad_alloc/,
  },
  {
    name: 'go',
    aliases: ['golang'],
    extensions: ['.go'],
    examples: goExamples,
    needsExtension: true,
    programs: ['/usr/local/go/bin/go', '/usr/lib/go-[0-9]*/bin/go', '/usr/bin/go'],
    versionArgs: ['version'],
    versionPattern: /go(\d+\.\d+(?:\.\d+)?)/,
    limits: { ...compilers, diskBytes: 256 * MiB },
    compile: {
      argv: (job) => [job.program, 'build', '-ldflags=-s -w', '-o', built, ...job.options, ...goSources(job)],
      env: {
        GOCACHE: '/tmp/go-build',
        GOPATH: '/tmp/go',
        GOFLAGS: '-buildvcs=false',
        GOPROXY: 'off',
        GOTOOLCHAIN: 'local',
        CGO_ENABLED: '0',
      },
    },
    run: () => [`./${built}`],
    env: (limits) => ({ GOMEMLIMIT: String(Math.floor(limits.memoryBytes * 0.9)) }),
    reservesAddressSpace: true,
    outOfMemory: /^fatal error: (runtime: )?(out of memory|cannot allocate memory)/m,
  },
  {
    name: 'rust',
    aliases: ['rs'],
    extensions: ['.rs'],
    examples: rustExamples,
    needsExtension: true,
    programs: ['/usr/bin/rustc', '/usr/local/bin/rustc'],
    versionArgs: ['--version'],
    versionPattern: /^rustc (\d+\.\d+\.\d+)/,
    limits: compilers,
    compile: {
      argv: (job) => [job.program, '--edition=2021', '-O', '-o', built, ...job.options, job.entry],
    },
    run: () => [`./${built}`],
    outOfMemory: /^memory allocation of \d+ bytes failed/m,
  },
  {
    name: 'java',
    aliases: ['jdk'],
    extensions: ['.java'],
    examples: javaExamples,
    needsExtension: true,
    programs: ['/usr/lib/jvm/*/bin/javac', '/usr/bin/javac', '/usr/local/bin/javac'],
    versionArgs: ['-version'],
    versionPattern: /^javac (\d+(?:\.\d+)*)/,
    mounts: (program) => [`/etc/${/java-\d+-openjdk/.exec(program)?.[0] ?? 'java'}`],
    limits: { ...compilers, memoryBytes: 512 * MiB, processes: 128 },
    compile: {
      argv: (job) => [
        job.program,
        '-J-XX:+UseSerialGC',
        '-encoding',
        'UTF-8',
        '-d',
        built,
        ...job.options,
        ...named(job, ['.java']),
      ],
    },
    run: (job) => [
      `${dirname(job.program)}/java`,
      '-XX:+UseSerialGC',
      `-Xmx${Math.max(8, Math.floor((job.limits.memoryBytes / MiB) * 0.6))}m`,
      `-Xss${Math.floor(job.limits.stackBytes / 1024)}k`,
      '-cp',
      `${built}:.`,
      mainClass(job.entry, job.sources.get(job.entry) ?? ''),
    ],
    reservesAddressSpace: true,
    outOfMemory: /java\.lang\.OutOfMemoryError/,
  },
];

/** The entry, then every other source with one of these endings. */
function named({ entry, sources }: Job, extensions: readonly string[]): string[] {
  const others = [...sources.keys()].filter(
    (name) => name !== entry && extensions.some((end) => name.endsWith(end)),
  );
  return [entry, ...others];
}

/** A module is built as the package of its entry; without a `go.mod`, the files beside the entry are the program. */
function goSources({ entry, sources }: Job): string[] {
  const directory = dirname(entry);
  if (sources.has('go.mod')) return [`./${directory}`];
  return [...sources.keys()].filter(
    (name) => dirname(name) === directory && name.endsWith('.go') && !name.endsWith('_test.go'),
  );
}
