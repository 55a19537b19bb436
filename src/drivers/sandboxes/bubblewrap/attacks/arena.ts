import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openTrial, textFile, type Trial, type TrialRequest, type TrialResult } from '../../trial.ts';
import { createBubblewrapDriver, type BubblewrapOptions } from '../driver.ts';
import { processesOf } from '../cgroup.ts';
import { hasOwnUids, identityOf } from '../identity.ts';
import { childrenOf } from '../meter.ts';
import { ownerIndex } from '../owner.ts';

/** A trial that also looks at what an attack leaves on the machine. */
export interface Arena extends Omit<Trial, 'run'> {
  /** Runs an attack in a sandbox of its own, then checks that no process of it survives. */
  attack(request: TrialRequest): Promise<TrialResult>;
  /** Throws when a process of any sandbox of this arena still lives after three seconds. */
  assertNoProcess(): Promise<void>;
  /** An attack written in Python. */
  python(code: string, request?: Partial<TrialRequest>): Promise<TrialResult>;
  /** An attack written for bash. */
  bash(script: string, request?: Partial<TrialRequest>): Promise<TrialResult>;
}

export function openArena(options: Partial<BubblewrapOptions> = {}): Arena {
  const trial = openTrial((given) => createBubblewrapDriver({ ...given, ...options, standby: 0 }));
  const attack = async (request: TrialRequest): Promise<TrialResult> => {
    const result = await trial.run(request);
    await assertNoProcess(trial.dataDir);
    return result;
  };
  return {
    ...trial,
    attack,
    assertNoProcess: () => assertNoProcess(trial.dataDir),
    python: (code, request = {}) =>
      attack({
        argv: ['python3', 'attack.py'],
        ...request,
        files: [textFile('attack.py', code), ...(request.files ?? [])],
      }),
    bash: (script, request = {}) => attack({ argv: ['bash', '-c', script], ...request }),
    close: async () => {
      const traces = tracesOf(trial.dataDir);
      await trial.close();
      assert.deepEqual(
        loopFiles().filter((file) => file.startsWith(trial.dataDir)),
        [],
        'a loop device is left',
      );
      for (const root of traces.cgroups) assert.ok(!existsSync(root), `the cgroup ${root} is left`);
      assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(trial.dataDir), 'a mount is left');
      assert.deepEqual(
        processesOfUids(traces.firstUid, traces.uids).filter(isAlive),
        [],
        'a process is left',
      );
      assert.deepEqual(filesOfUids(traces.firstUid, traces.uids), [], 'a file is left');
    },
  };
}

/** What lies on loop devices of the machine. */
export function loopFiles(): string[] {
  return readdirSync('/sys/block').flatMap((name) => {
    const path = join('/sys/block', name, 'loop/backing_file');
    return existsSync(path) ? [readFileSync(path, 'utf8').trim()] : [];
  });
}

/** Nothing may live three seconds after its sandbox was destroyed. */
async function assertNoProcess(dataDir: string): Promise<void> {
  const { firstUid, uids, cgroups } = tracesOf(dataDir);
  for (let round = 0; ; round += 1) {
    const grouped = cgroups.flatMap((root) =>
      readdirSync(root).flatMap((name) => processesOf(join(root, name))),
    );
    const left = new Set(
      [...processesOfUids(firstUid, uids), ...descendantsOf(process.pid), ...grouped].filter(isProgram),
    );
    if (left.size === 0) return;
    assert.ok(round < 150, `still alive: ${[...left].join(' ')}`);
    await delay(20);
  }
}

/** Neither a zombie nor one of the driver's own small helpers, which live as long as their slot. */
function isProgram(pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return isAlive(pid) && !/while read -r go|^cat\0$|mkfifo|mount/.test(command);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function tracesOf(dataDir: string): {
  readonly cgroups: string[];
  readonly firstUid: number;
  readonly uids: number;
} {
  const sandboxes = join(dataDir, 'sandboxes');
  const [name = ''] = existsSync(sandboxes) ? readdirSync(sandboxes) : [];
  const index = ownerIndex(name);
  if (index === undefined) return { cgroups: [], firstUid: 0, uids: 0 };
  const identity = identityOf(index);
  const cgroups: string[] = JSON.parse(readFileSync(join(sandboxes, name, 'cgroups.json'), 'utf8'));
  return {
    cgroups,
    firstUid: hasOwnUids(identity) ? identity.firstUid : 0,
    uids: hasOwnUids(identity) ? identity.places : 0,
  };
}

function processesOfUids(first: number, count: number): number[] {
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return names.filter((name) => isWithin(join('/proc', name), first, count)).map(Number);
}

/** Where a program could leave a file on the host if it got out of its workspace. */
function filesOfUids(first: number, count: number): string[] {
  return ['/tmp', '/var/tmp', '/dev/shm', '/run', '/var/lib'].flatMap((directory) =>
    readdirSync(directory)
      .map((name) => join(directory, name))
      .filter((path) => isWithin(path, first, count)),
  );
}

function isWithin(path: string, first: number, count: number): boolean {
  const uid = statSync(path, { throwIfNoEntry: false })?.uid ?? -1;
  return uid >= first && uid < first + count;
}

/** The limit that ended the program, if one did. */
export function limitOf(result: TrialResult): string | undefined {
  return result.exit.kind === 'limit' ? result.exit.limit : undefined;
}
