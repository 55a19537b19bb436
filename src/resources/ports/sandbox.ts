/**
 * The sandbox port: an isolated machine that runs programs nobody trusts. Capabilities and the harness call it;
 * `drivers/sandboxes/*` implement it. A driver refuses to run rather than run weaker than the port promises.
 */

import type { SkipReason } from '../../contract/file.ts';
import type { TerminalSize } from '../../contract/terminal.ts';

/** What one program may use. Every limit is enforced by the kernel or by the driver; none is advisory. */
export interface SandboxLimits {
  /** Real time until the program is killed, in milliseconds. */
  readonly wallMs: number;
  /** CPU time of all its processes together, in milliseconds. */
  readonly cpuMs: number;
  /** Memory of all its processes together, in bytes. */
  readonly memoryBytes: number;
  /** Processes and threads at any one time. */
  readonly processes: number;
  /** Open file descriptors of one process. */
  readonly openFiles: number;
  /** Size of the largest file it can write, in bytes. */
  readonly fileBytes: number;
  /** Size of all files in the workspace, in bytes. */
  readonly diskBytes: number;
  /** Files and directories in the workspace. */
  readonly inodes: number;
  /** Stack of the main thread of one process, in bytes. */
  readonly stackBytes: number;
  /** stdout and stderr together, in bytes; what comes after is cut and the program is killed. */
  readonly outputBytes: number;
  /** Processor cores that all its processes together may keep busy; 1 when left out. */
  readonly cpus?: number;
}

/** A directory of the host, shown read-only at `target`; for language toolchains, never for users' data. */
export interface SandboxMount {
  readonly source: string;
  readonly target: string;
}

/** Where a program finds its workspace, which is also its working directory. */
export const workspaceDirectory = '/workspace';

/** Where a program leaves the files that `collect` returns; it lies on the workspace's disk. */
export const outputDirectory = '/output';

/** Where a program finds the directory that it asked for with `ExecRequest.privateDirectory`. */
export const privateDirectory = '/private';

/** Where a program finds the proxy's socket, when it was given one. */
export const egressSocket = '/run/egress.sock';

/**
 * What a workspace begins with: trees that were saved before, shown one over the other and never changed. What programs
 * change lies above them, within `SandboxLimits.diskBytes`.
 */
export interface SandboxTree {
  /**
   * Keys of saved layers of the same tenant, the lowest first; none for an empty workspace. One that was saved above others
   * is right above exactly those: let its key name theirs.
   */
  readonly layers: readonly string[];
  /** `memory` is fastest; `storage` is for what may become larger than memory should hold. */
  readonly disk: 'memory' | 'storage';
}

/** A tree that was saved: complete, read-only, owned by one tenant. */
export interface SandboxLayer {
  readonly tenant: string;
  readonly key: string;
  readonly bytes: number;
  readonly usedAt: Date;
}

/** The layers of this machine. A layer in use is never removed. */
export interface SandboxLayers {
  /** True when the tenant has it; no clearing up takes it for at least a minute from then. */
  has(tenant: string, key: string): Promise<boolean>;
  list(): Promise<SandboxLayer[]>;
  /** False when it is in use, or not there. */
  remove(tenant: string, key: string): Promise<boolean>;
}

export interface SandboxFile {
  /** Relative to the workspace; plain segments only: no `..`, no leading `/`, no control characters. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

/**
 * An interpreter that can be started before it is needed. The driver parks sandboxes in which `argv` is running
 * and has written one byte to descriptor 4; a later `exec` with the same `key` makes `payload` readable on descriptor 3,
 * to its end, instead of starting a process. A parked sandbox is used once.
 */
export interface SandboxBoot {
  readonly key: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly SandboxMount[];
  /** As for `ExecRequest`. */
  readonly reservesAddressSpace?: boolean;
  /** The limits a parked sandbox has; an `exec` that asks for others starts cold where they can't be changed. */
  readonly limits: SandboxLimits;
}

export interface SandboxSpec {
  /** Who the sandbox works for. Nothing of one tenant's sandbox reaches another's. */
  readonly tenant: string;
  readonly limits: SandboxLimits;
  readonly mounts?: readonly SandboxMount[];
  /** The key of a boot given to `prewarm`; the driver takes a parked sandbox if there is one. */
  readonly bootKey?: string;
  /** Without it the workspace begins empty, in memory. */
  readonly tree?: SandboxTree;
  /** Called when it has to wait for room that other workspaces hold. */
  readonly onWait?: () => void;
}

export interface SandboxChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/** What a program uses at a moment. */
export interface UsageSample {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  readonly peakMemoryBytes: number;
}

export interface ExecRequest {
  readonly argv: readonly string[];
  /** Relative to the workspace. */
  readonly cwd?: string;
  /** The whole environment of the program, besides PATH and HOME, which it may override. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Stricter than the sandbox's own for this program only, for example for a compile stage. */
  readonly limits?: Partial<SandboxLimits>;
  /** Shown to this program alone, besides the sandbox's own. */
  readonly mounts?: readonly SandboxMount[];
  /** This program can't change the workspace. */
  readonly readOnly?: boolean;
  /**
   * The name of a directory on the sandbox's disk, kept from program to program and seen only by those that ask for it:
   * for what Gantry's own programs keep beside the workspace. Lower-case letters, digits and "-".
   */
  readonly privateDirectory?: string;
  /**
   * Path of a unix socket of the host, shown at `egressSocket`: the program's only way out. The driver gives the socket to the
   * sandbox's user; the directories above it must let other users pass.
   */
  readonly egress?: string;
  /** Runs it on a terminal of this size, made in the sandbox: both streams come as stdout. */
  readonly terminal?: TerminalSize;
  readonly signal?: AbortSignal;
  /** Reserves far more address space than it uses, as V8, the JVM and Go do: no measure of its memory. */
  readonly reservesAddressSpace?: boolean;
  /** What a parked interpreter reads in place of a new process; used only if the sandbox was parked. */
  readonly payload?: Uint8Array;
  /** Called in the order in which the host read the output. */
  readonly onOutput?: (chunk: SandboxChunk) => void;
  /** Called at most twice a second, less often the longer the program runs, and not while nothing changes. */
  readonly onUsage?: (sample: UsageSample) => void;
}

export type SandboxLimitName = 'wall' | 'cpu' | 'memory' | 'output' | 'disk' | 'processes';

/** How the program ended. `limit` names the limit that ended it, whatever exit code came of it. */
export type SandboxExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | {
      readonly kind: 'limit';
      readonly limit: SandboxLimitName;
      readonly code: number | null;
      readonly signal: string | null;
    }
  | { readonly kind: 'cancelled' };

export interface ExecResult {
  readonly exit: SandboxExit;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  /** True when output was cut at `outputBytes`. */
  readonly truncated: boolean;
  /** True when a parked sandbox served the request. */
  readonly warm: boolean;
}

/** What may be collected; the files themselves are also held by the limits under which they were written. */
export interface CollectLimits {
  readonly files: number;
  /** Size of one file, in bytes. */
  readonly fileBytes: number;
  /** Size of all files together, in bytes. */
  readonly bytes: number;
}

export interface OutputFile {
  /** Path below the output directory: valid UTF-8, without control characters and marks that reorder text. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface Skipped {
  /** Inert and cut to a length that can be shown. */
  readonly name: string;
  readonly reason: SkipReason;
}

export interface Collected {
  /** What was left out, at most a hundred of it. */
  readonly skipped: readonly Skipped[];
  /** How much more was left out. */
  readonly more: number;
}

/** A part of a plain file. */
export interface FilePart {
  readonly content: Uint8Array;
  /** Size of the whole file, in bytes. */
  readonly size: number;
}

export interface Sandbox {
  readonly id: string;
  /** Puts files into the workspace. Refused while a program runs. */
  put(files: readonly SandboxFile[]): Promise<void>;
  /**
   * Reads a plain file of the workspace from `offset`, at most `bytes` of it; undefined when there is none. No link is
   * followed, for no part of the path: one that is a link is INPUT_INVALID. Refused while a program runs.
   */
  read(
    path: string,
    range: { readonly offset: number; readonly bytes: number },
  ): Promise<FilePart | undefined>;
  /** Removes a plain file or a link. Undefined things are left alone. Refused while a program runs. */
  remove(path: string): Promise<void>;
  /**
   * The same text as before when nothing in the workspace was changed since, and another when something may have been.
   * Refused while a program runs.
   */
  mark(): Promise<string>;
  /**
   * Saves what lies above the workspace's layers as a layer of the tenant: complete or not at all. What was saved under
   * the key first stays. The sandbox has to be destroyed afterwards, also when saving fails. INPUT_INVALID for a sandbox
   * without a tree, DISK_FULL when there is no room. Refused while a program runs.
   */
  save(key: string): Promise<void>;
  /** Runs one program to its end; programs run one after another. Every process it left behind is dead when this resolves. */
  exec(request: ExecRequest): Promise<ExecResult>;
  /** Sends the running program what Ctrl-C sends. Does nothing while none runs. */
  interrupt(): void;
  /** Tells the running program the new size of its terminal. Does nothing without one. */
  resize(size: TerminalSize): void;
  /**
   * Hands over the plain files below `outputDirectory`, by name, one at a time, and what was left out when it is done. No
   * process of the sandbox lives by then, and no link is followed. Refused while a program runs.
   */
  collect(limits: CollectLimits): AsyncGenerator<OutputFile, Collected>;
  /** Ends all of it: processes, mounts, cgroup, files. Safe to call twice. */
  destroy(): Promise<void>;
}

export type Enforcement = 'kernel' | 'per-process' | 'polled' | 'none';

/** What this machine really enforces, found out by running probes, not by looking. */
export interface SandboxCapabilities {
  readonly driver: string;
  readonly isolation: 'namespaces' | 'user-kernel' | 'vm' | 'none';
  readonly seccomp: boolean;
  readonly enforcement: Readonly<Record<'memory' | 'cpu' | 'processes' | 'disk' | 'network', Enforcement>>;
  /** What is missing, and what the operator can do about it. */
  readonly gaps: readonly { readonly what: string; readonly remedy: string }[];
}

export interface SandboxStats {
  readonly started: number;
  readonly warmHits: number;
  readonly warmMisses: number;
  readonly parked: number;
}

export interface SandboxDriver {
  readonly name: string;
  /** Runs the probes. Throws SANDBOX_UNAVAILABLE when the isolation that is configured can't be had. */
  probe(): Promise<SandboxCapabilities>;
  create(spec: SandboxSpec): Promise<Sandbox>;
  /** Keeps `count` sandboxes parked for `boot` from now on; 0 ends it. */
  prewarm(boot: SandboxBoot, count: number): Promise<void>;
  readonly layers: SandboxLayers;
  stats(): SandboxStats;
  /** Ends what a crashed process of this machine left behind: processes, mounts, cgroups, directories. */
  recover(): Promise<void>;
  /** Destroys every sandbox, parked ones included. */
  close(): Promise<void>;
}
