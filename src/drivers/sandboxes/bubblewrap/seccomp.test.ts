import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedCalls } from './seccomp-numbers.ts';
import { seccompBytes, seccompProgram, type Instruction, type SeccompArch } from './seccomp.ts';

const EPERM = 0x0005_0001;
const ENOSYS = 0x0005_0026;
const EAFNOSUPPORT = 0x0005_0061;
const ALLOW = 0x7fff_0000;
const KILL = 0x8000_0000;
const tokens = { x64: 0xc000_003e, arm64: 0xc000_00b7 };

/** A classic BPF machine, as the kernel's: enough of it for loads, jumps and returns. */
function interpret(
  program: readonly Instruction[],
  arch: number,
  number: number,
  args: readonly number[],
): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(arch, 4);
  for (const [index, value] of args.entries()) data.writeBigUInt64LE(BigInt(value), 16 + index * 8);
  let accumulator = 0;
  for (let counter = 0; ; counter += 1) {
    const instruction = program[counter];
    assert.ok(instruction, 'the program runs off its end');
    const [code, jt, jf, k] = instruction;
    if (code === 0x06) return k;
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x15) counter += accumulator === k ? jt : jf;
    else if (code === 0x35) counter += accumulator >= k ? jt : jf;
    else if (code === 0x45) counter += (accumulator & k) !== 0 ? jt : jf;
    else assert.fail(`unknown instruction ${code}`);
  }
}

for (const arch of ['x64', 'arm64'] as const satisfies readonly SeccompArch[]) {
  const program = seccompProgram(arch);
  const column = arch === 'x64' ? 0 : 1;
  const call = (number: number, ...args: number[]) => interpret(program, tokens[arch], number, args);
  const numbers =
    arch === 'x64'
      ? { clone: 56, clone3: 435, ioctl: 16, socket: 41, socketpair: 53 }
      : { clone: 220, clone3: 435, ioctl: 29, socket: 198, socketpair: 199 };

  test(`${arch}: every call of the table answers EPERM and all others are allowed`, () => {
    const refused = new Set(Object.values(refusedCalls).map((pair) => pair[column]));
    const guarded = new Set<number>(Object.values(numbers));
    for (let number = 0; number < 600; number += 1) {
      if (guarded.has(number)) continue;
      assert.equal(call(number), refused.has(number) ? EPERM : ALLOW, `system call ${number}`);
    }
  });

  test(`${arch}: another architecture kills the process`, () => {
    for (const foreign of [0x4000_0003, 0x4000_0028, tokens[arch === 'x64' ? 'arm64' : 'x64']]) {
      assert.equal(interpret(program, foreign, 1, []), KILL);
    }
  });

  test(`${arch}: clone is refused with any namespace flag, clone3 altogether`, () => {
    assert.equal(call(numbers.clone, 0x11), ALLOW);
    assert.equal(call(numbers.clone, 0x3d_0f00), ALLOW, 'the flags of pthread_create');
    for (const flag of [
      0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
    ]) {
      assert.equal(call(numbers.clone, flag + 0x11), EPERM, flag.toString(16));
    }
    assert.equal(call(numbers.clone3, 0), ENOSYS);
  });

  test(`${arch}: ioctl refuses terminal injection, also with high bits set`, () => {
    for (const command of [0x5412, 0x541c, 0x5423]) {
      assert.equal(call(numbers.ioctl, 0, command), EPERM);
      assert.equal(call(numbers.ioctl, 0, 0x1_0000_0000 + command), EPERM);
    }
    assert.equal(call(numbers.ioctl, 0, 0x5401), ALLOW);
  });

  test(`${arch}: sockets are unix, IPv4, IPv6 or netlink route`, () => {
    for (const number of [numbers.socket, numbers.socketpair]) {
      for (const family of [1, 2, 10]) assert.equal(call(number, family, 1, 0), ALLOW);
      assert.equal(call(number, 16, 3, 0), ALLOW);
      for (const protocol of [9, 12, 16]) assert.equal(call(number, 16, 3, protocol), EPERM);
      for (const family of [0, 3, 17, 38, 40, 44, 45]) assert.equal(call(number, family, 1, 0), EAFNOSUPPORT);
    }
  });
}

test('x64: the x32 table answers ENOSYS', () => {
  assert.equal(interpret(seccompProgram('x64'), tokens.x64, 0x4000_0000 + 1, []), ENOSYS);
});

test('the program is eight bytes an instruction, and an unknown machine is refused', () => {
  assert.equal(seccompBytes('x64').length, seccompProgram('x64').length * 8);
  assert.throws(() => seccompBytes('riscv64'), { code: 'SANDBOX_UNAVAILABLE' });
});
