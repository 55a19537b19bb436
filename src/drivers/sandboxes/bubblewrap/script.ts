import { GantryError } from '../../../base/errors.ts';
import type { TerminalSize } from '../../../contract/terminal.ts';
import type { SandboxLimits } from '../../../resources/ports/sandbox.ts';
import { TERMINAL_PROCESSES } from './limits.ts';
import { DEFAULT_PATH, descriptors, HOME, WORKSPACE } from './arguments.ts';

export interface Program {
  readonly argv: readonly string[];
  /** Relative to the workspace, checked by the caller. */
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  /** Standard input comes as a stream rather than as the file that is there from the start. */
  readonly streamed: boolean;
  readonly terminal?: TerminalSize | undefined;
  /** Without cgroups the kernel bounds each process by itself. */
  readonly perProcess: { readonly memory: boolean } | undefined;
}

/**
 * What process 1 of the sandbox does: drops descriptors, sets limits, starts the program, ends with its exit code.
 * One byte on the status descriptor says that all of it was done before the program started.
 */
export function startScript(program: Program): string {
  const { status, control, script, stream } = descriptors;
  const { limits, perProcess, terminal } = program;
  const processes = limits.processes + (terminal ? TERMINAL_PROCESSES : 0);
  return [
    `exec ${terminal ? '' : `${control}<&- `}${script}<&- ${program.streamed ? `0<&${stream} ` : ''}${stream}<&- 9>&2 2>/dev/null`,
    ...(program.cwd === undefined ? [] : [`cd ${quote(`${WORKSPACE}/${program.cwd}`)} || exit 126`]),
    ...Object.entries({ PATH: DEFAULT_PATH, HOME, ...(terminal && terminalEnv), ...program.env }).map(
      ([name, value]) => `export ${environmentName(name)}=${quote(value)}`,
    ),
    ...(terminal ? resizeLoop : []),
    '(',
    'ulimit -c 0 || exit 125',
    limit('f', Math.ceil(limits.fileBytes / 512)),
    limit('t', Math.ceil(limits.cpuMs / 1000) + 1),
    limit('s', Math.ceil(limits.stackBytes / 1024)),
    ...(perProcess ? [`ulimit -p ${processes} || ulimit -u ${processes} || exit 125`] : []),
    ...(perProcess?.memory ? [limit('v', Math.ceil(limits.memoryBytes / 1024))] : []),
    limit('n', limits.openFiles),
    `echo >&${status}`,
    `exec ${commandOf(program)} 2>&9 9>&- ${status}>&-`,
    ')',
    'exit "$?"',
    '',
  ].join('\n');
}

const terminalEnv = { TERM: 'xterm-256color' };

/** Sizes come as lines on the control pipe; the program's terminal is the first one of the sandbox. */
const resizeLoop = [
  `(while read -r rows cols <&${descriptors.control}; do /usr/bin/stty -F /dev/pts/0 rows "$rows" cols "$cols"; done) 0</dev/null 1>/dev/null ${descriptors.status}>&- ${descriptors.stream}<&- 9>&- &`,
  `exec ${descriptors.control}<&-`,
];

/** The program itself, or `script` (util-linux), which makes a terminal and passes on what goes in and out. */
function commandOf({ argv, terminal }: Program): string {
  const command = argv.map(quote).join(' ');
  if (!terminal) return command;
  const { rows, cols } = terminal;
  return `/usr/bin/script -qefc ${quote(`/usr/bin/stty echo rows ${rows} cols ${cols}; exec ${command}`)} /dev/null`;
}

/** Names with a meaning of their own to the shell, which may refuse to set them. */
const reservedNames = new Set(['OPTIND', 'PPID', 'UID', 'EUID', 'SHELLOPTS', 'BASHOPTS']);

/** Sets soft and hard limit; a stricter hard limit of this process's own stays as it is. */
function limit(flag: string, value: number): string {
  const strictEnough = `h=$(ulimit -H -${flag}); [ "$h" != unlimited ] && [ "$h" -le ${value} ]`;
  return `ulimit -${flag} ${value} || { ${strictEnough}; } || exit 125`;
}

function environmentName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reservedNames.has(name)) return name;
  throw new GantryError(
    'INPUT_INVALID',
    `"${name}" can't be the name of an environment variable; use letters, digits and underscores, and none of ${[...reservedNames].join(', ')}.`,
  );
}

/** Text as one word of a shell. */
export function quote(text: string): string {
  if (text.includes('\0'))
    throw new GantryError('INPUT_INVALID', 'Arguments and environment may not hold a null byte.');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
