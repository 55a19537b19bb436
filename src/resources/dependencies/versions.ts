import type { SandboxDriver, SandboxLimits } from '../ports/sandbox.ts';
import type { Installer } from './installer.ts';

const MiB = 1024 ** 2;

/** Enough for a JVM to say its version. */
const limits: SandboxLimits = {
  wallMs: 30_000,
  cpuMs: 30_000,
  memoryBytes: 1024 * MiB,
  processes: 256,
  openFiles: 1024,
  fileBytes: 16 * MiB,
  diskBytes: 16 * MiB,
  inodes: 1024,
  stackBytes: 8 * MiB,
  outputBytes: MiB,
};

/** What sandboxes of this machine say of a manager's versions; undefined where it is not installed. Asked once each. */
export type Versions = (manager: Installer) => Promise<string | undefined>;

export function createVersions(sandboxes: SandboxDriver): Versions {
  const known = new Map<string, Promise<string | undefined>>();
  return (manager) => {
    const asked = known.get(manager.version) ?? ask(sandboxes, manager.version);
    known.set(manager.version, asked);
    const forget = (): boolean => known.delete(manager.version);
    // Whoever is told that something is missing installs it and tries again.
    asked.then((text) => text === undefined && forget(), forget);
    return asked;
  };
}

async function ask(sandboxes: SandboxDriver, script: string): Promise<string | undefined> {
  const sandbox = await sandboxes.create({ tenant: 'gantry', limits });
  try {
    const said: Uint8Array[] = [];
    const { exit } = await sandbox.exec({
      argv: ['sh', '-ec', script],
      reservesAddressSpace: true,
      onOutput: ({ stream, data }) => void (stream === 'stdout' && said.push(data)),
    });
    if (exit.kind !== 'exited' || exit.code !== 0) return undefined;
    return Buffer.concat(said).toString().slice(0, 4000);
  } finally {
    await sandbox.destroy();
  }
}
