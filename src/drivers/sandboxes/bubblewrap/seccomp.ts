import { endianness } from 'node:os';
import { GantryError } from '../../../base/errors.ts';
import { guardedCalls, refusedCalls } from './seccomp-numbers.ts';

export type SeccompArch = 'x64' | 'arm64';

/** One classic BPF instruction (struct sock_filter): code, jump if true, jump if false, operand. */
export type Instruction = readonly [code: number, jt: number, jf: number, k: number];

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
const refuse = (errno: number): number => 0x0005_0000 | errno;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

const archToken = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const X32_BIT = 0x4000_0000;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NAMESPACE_FLAGS = 0x7e02_0000;
/** TIOCSTI, TIOCLINUX, TIOCSETD. */
const TERMINAL_TRICKS = [0x5412, 0x541c, 0x5423];
/** AF_UNIX, AF_INET, AF_INET6. */
const SOCKET_FAMILIES = [1, 2, 10];
const AF_NETLINK = 16;

/** The filter that every program in a sandbox runs under: allow by default, refuse what reaches the kernel's darker corners. */
export function seccompProgram(arch: SeccompArch): Instruction[] {
  const column = arch === 'x64' ? 0 : 1;
  const refused = Object.values(refusedCalls).map((pair) => pair[column]);
  return [
    [LOAD, 0, 0, 4],
    [JUMP_EQUAL, 1, 0, archToken[arch]],
    answer(KILL_PROCESS),
    [LOAD, 0, 0, 0],
    ...(arch === 'x64' ? when(JUMP_GREATER_EQUAL, X32_BIT, answer(refuse(ENOSYS))) : []),
    ...refused.flatMap((number) => (number === null ? [] : when(JUMP_EQUAL, number, answer(refuse(EPERM))))),
    ...when(JUMP_EQUAL, guardedCalls.clone3[column], answer(refuse(ENOSYS))),
    ...when(
      JUMP_EQUAL,
      guardedCalls.clone[column],
      argument(0),
      ...when(JUMP_ANY_BIT, NAMESPACE_FLAGS, answer(refuse(EPERM))),
      answer(ALLOW),
    ),
    ...when(
      JUMP_EQUAL,
      guardedCalls.ioctl[column],
      argument(1),
      ...TERMINAL_TRICKS.flatMap((command) => when(JUMP_EQUAL, command, answer(refuse(EPERM)))),
      answer(ALLOW),
    ),
    ...when(JUMP_EQUAL, guardedCalls.socket[column], ...socketRules()),
    ...when(JUMP_EQUAL, guardedCalls.socketpair[column], ...socketRules()),
    answer(ALLOW),
  ];
}

/** The filter as bubblewrap reads it: an array of struct sock_filter in the machine's byte order. */
export function seccompBytes(arch: string = process.arch): Uint8Array {
  if ((arch !== 'x64' && arch !== 'arm64') || endianness() !== 'LE') {
    throw new GantryError(
      'SANDBOX_UNAVAILABLE',
      `There is no system call filter for ${arch}; run Gantry on x86-64 or arm64.`,
    );
  }
  const program = seccompProgram(arch);
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, jt, jf, k]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k, index * 8 + 4);
  }
  return bytes;
}

function answer(value: number): Instruction {
  return [RETURN, 0, 0, value >>> 0];
}

/** The low 32 bits of an argument: the kernel, too, takes these arguments as 32-bit integers. */
function argument(index: number): Instruction {
  return [LOAD, 0, 0, 16 + index * 8];
}

function when(test: number, operand: number, ...then: Instruction[]): Instruction[] {
  return [[test, 0, then.length, operand], ...then];
}

function socketRules(): Instruction[] {
  return [
    argument(0),
    ...SOCKET_FAMILIES.flatMap((family) => when(JUMP_EQUAL, family, answer(ALLOW))),
    ...when(
      JUMP_EQUAL,
      AF_NETLINK,
      argument(2),
      ...when(JUMP_EQUAL, 0, answer(ALLOW)),
      answer(refuse(EPERM)),
    ),
    answer(refuse(EAFNOSUPPORT)),
  ];
}
