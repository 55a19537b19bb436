import type { Example } from '../../../contract/language.ts';
import type { SandboxFile, SandboxLimits } from '../../../resources/ports/sandbox.ts';
import type { ExecutionLimits } from '../limits.ts';

/** One program to start, as an entry of the table sees it. */
export interface Job {
  /** The interpreter or compiler, by its path in the sandbox. */
  readonly program: string;
  /** What it printed when it was asked for its version. */
  readonly report: string;
  /** The file that is run, by its name in the workspace. */
  readonly entry: string;
  /** The files of the run, by name, with their text. */
  readonly sources: ReadonlyMap<string, string>;
  /** What the caller passes on to the compiler. */
  readonly options: readonly string[];
  readonly limits: SandboxLimits;
}

/** An interpreter that can wait for its program. */
export interface Warmth {
  /** Interpreters with the same key are interchangeable; languages may share one. */
  key(version: string, limits: SandboxLimits): string;
  /** Starts an interpreter that waits, by the protocol of `SandboxBoot`. */
  argv(program: string, limits: SandboxLimits): string[];
  /** Variables that the interpreter reads while it starts: who sets one gets a cold start. */
  readonly readsAtStart: RegExp;
}

/**
 * One language: how its programs are found, compiled and started. Adding one is adding an entry to `table.ts`.
 * Paths are those of the sandbox, where `/usr` is the host's or the image's.
 */
export interface Language {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The first is given to an entry without one, where `needsExtension`. */
  readonly extensions: readonly [string, ...string[]];
  /** True when the program goes by the ending of the file's name. */
  readonly needsExtension?: boolean;
  /** What editors call its syntax; the language's own name when left out. */
  readonly highlight?: string;
  /** Programs to start from; a test runs each of them. The first one's file name is that of a new program. */
  readonly examples?: readonly Example[];
  /** Shell patterns for the interpreter or compiler. */
  readonly programs: readonly string[];
  readonly versionArgs: readonly string[];
  /** Finds the version in what it prints. */
  readonly versionPattern: RegExp;
  /** Versions that can be offered, as a SemVer range. */
  readonly supported?: string;
  /** Directories of the host outside `/usr` that this program needs. */
  mounts?(program: string): string[];
  /** Usual limits that differ, because less would not start it. */
  readonly limits?: Partial<ExecutionLimits>;
  /** Files put beside the program's own. */
  readonly prelude?: readonly SandboxFile[];
  readonly compile?: {
    argv(job: Job): string[];
    readonly env?: Readonly<Record<string, string>>;
  };
  /** Without the program's own arguments. */
  run(job: Job): string[];
  env?(limits: SandboxLimits): Record<string, string>;
  /** Its programs reserve far more address space than they use. */
  readonly reservesAddressSpace?: true;
  /** Says on stderr that it ran out of memory, where the runtime itself gives up before the kernel acts. */
  readonly outOfMemory?: RegExp;
  readonly warmth?: Warmth;
}

/** One installed version of a language. */
export interface Toolchain {
  readonly language: Language;
  readonly version: string;
  readonly program: string;
  /** What it printed when it was asked for its version. */
  readonly report: string;
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
}
