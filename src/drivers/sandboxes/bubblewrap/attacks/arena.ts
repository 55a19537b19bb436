import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openTrial, textFile, type Trial, type TrialRequest, type TrialResult } from '../../trial.ts';
import { createBubblewrapDriver, type BubblewrapOptions } from '../driver.ts';
import { hasOwnUids, identityOf } from '../identity.ts';
import { childrenOf } from '../meter.ts';
import { ownerIndex } from '../owner.ts';

/** A trial that also looks at what an attack leaves on the machine. */
export interface Arena extends Omit<Trial, 'run'> {
  /** Runs an attack in a sandbox of its own, then checks that no process of it survives. */
  attack(request: TrialRequest): Promise<TrialResult>;
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
      for (const root of traces.cgroups) assert.ok(!existsSync(root), `the cgroup ${root} is left`);
      assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(trial.dataDir), 'a mount is left');
      assert.deepEqual(processesOfUids(traces.firstUid, traces.uids), [], 'a process is left');
      assert.deepEqual(filesOfUids(traces.firstUid, traces.uids), [], 'a file is left');
    },
  };
}

/** Nothing may live three seconds after its sandbox was destroyed. */
async function assertNoProcess(dataDir: string): Promise<void> {
  const { firstUid, uids, cgroups } = tracesOf(dataDir);
  for (let round = 0; ; round += 1) {
    const grouped = cgroups
      .flatMap((root) => readdirSync(root, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory());
    const members = cgroups
      .flatMap((root) => grouped.map((entry) => join(root, entry.name, 'cgroup.procs')))
      .filter((file) => existsSync(file) && readFileSync(file, 'utf8') !== '');
    const left = [
      ...processesOfUids(firstUid, uids),
      ...childrenOf(process.pid).filter((pid) => nameOf(pid) === 'bwrap'),
      ...members,
    ];
    if (left.length === 0) return;
    assert.ok(round < 150, `still alive: ${left.join(' ')}`);
    await delay(20);
  }
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
  return readdirSync('/proc')
    .filter(
      (name) =>
        /^\d+$/.test(name) && isWithin(join('/proc', name), first, count) && nameOf(Number(name)) !== '',
    )
    .map(Number);
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

/** The name of a live process; a zombie only waits for its parent and has none here. */
function nameOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).startsWith('Z')
      ? ''
      : text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  } catch {
    return '';
  }
}

/** The limit that ended the program, if one did. */
export function limitOf(result: TrialResult): string | undefined {
  return result.exit.kind === 'limit' ? result.exit.limit : undefined;
}
