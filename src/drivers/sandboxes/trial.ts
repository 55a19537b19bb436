import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../base/logger.ts';
import type {
  CollectLimits,
  Collected,
  ExecRequest,
  ExecResult,
  Sandbox,
  SandboxDriver,
  SandboxFile,
  SandboxLimits,
  SandboxTree,
} from '../../resources/ports/sandbox.ts';
import type { SandboxDriverOptions } from './index.ts';

const MiB = 1024 * 1024;

/** The limits under which the attacks were first run, with a workspace that fits into memory beside the program. */
export const trialLimits: SandboxLimits = {
  wallMs: 5_000,
  cpuMs: 10_000,
  memoryBytes: 256 * MiB,
  processes: 64,
  openFiles: 1_024,
  fileBytes: 64 * MiB,
  diskBytes: 64 * MiB,
  inodes: 8_192,
  stackBytes: 8 * MiB,
  outputBytes: MiB,
};

export interface TrialResult extends ExecResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface TrialRequest extends Omit<ExecRequest, 'limits'> {
  readonly files?: readonly SandboxFile[];
  readonly limits?: Partial<SandboxLimits>;
  readonly bootKey?: string;
}

export interface TreeOptions {
  readonly tenant?: string;
  readonly disk?: SandboxTree['disk'];
  readonly limits?: Partial<SandboxLimits>;
}

/** A driver on a data directory of its own, for tests and measurements. */
export interface Trial {
  readonly driver: SandboxDriver;
  readonly dataDir: string;
  /** A sandbox that ends with the trial at the latest. */
  sandbox(limits?: Partial<SandboxLimits>, bootKey?: string): Promise<Sandbox>;
  /** A sandbox on saved layers, of tenant `trial` unless another is named. */
  onTree(layers: readonly string[], options?: TreeOptions): Promise<Sandbox>;
  /** One program in a sandbox of its own. */
  run(request: TrialRequest): Promise<TrialResult>;
  /** Ends everything and checks that nothing is left of it. */
  close(): Promise<void>;
}

export function openTrial(
  create: (options: SandboxDriverOptions) => SandboxDriver,
  options: Partial<SandboxDriverOptions> = {},
): Trial {
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-sandbox-'));
  chmodSync(dataDir, 0o755);
  const driver = create({
    dataDir,
    require: ['memory', 'processes', 'network'],
    allowUnsafe: false,
    diskBytes: 1024 * MiB,
    logger: createLogger('error'),
    ...options,
  });
  const sandbox: Trial['sandbox'] = (limits = {}, bootKey) =>
    driver.create({
      tenant: 'trial',
      limits: { ...trialLimits, ...limits },
      ...(bootKey === undefined ? {} : { bootKey }),
    });
  return {
    driver,
    dataDir,
    sandbox,
    onTree: (layers, { tenant = 'trial', disk = 'memory', limits = {} } = {}) =>
      driver.create({ tenant, limits: { ...trialLimits, ...limits }, tree: { layers, disk } }),
    run: async ({ files = [], limits, bootKey, ...request }) => {
      const box = await sandbox(limits, bootKey);
      try {
        await box.put(files);
        return await execute(box, request);
      } finally {
        await box.destroy();
      }
    },
    close: async () => {
      await driver.close();
      assert.deepEqual(readdirSync(join(dataDir, 'sandboxes')), [], 'a sandbox directory is left');
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Runs a program and keeps what it wrote. */
export async function execute(sandbox: Sandbox, request: ExecRequest): Promise<TrialResult> {
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const result = await sandbox.exec({
    ...request,
    onOutput: (chunk) => {
      chunks[chunk.stream].push(chunk.data);
      request.onOutput?.(chunk);
    },
  });
  return {
    ...result,
    stdout: Buffer.concat(chunks.stdout).toString(),
    stderr: Buffer.concat(chunks.stderr).toString(),
  };
}

/** Collects all, and keeps it. */
export async function collectAll(
  sandbox: Sandbox,
  limits: CollectLimits,
  onFile: () => Promise<void> = async () => {},
): Promise<Collected & { readonly files: Map<string, Buffer> }> {
  const files = new Map<string, Buffer>();
  const collecting = sandbox.collect(limits);
  for (let next = await collecting.next(); ; next = await collecting.next()) {
    if (next.done === true) return { ...next.value, files };
    await onFile();
    files.set(next.value.name, Buffer.from(next.value.content));
  }
}

export function textFile(path: string, text: string): SandboxFile {
  return { path, content: Buffer.from(text) };
}
