import { workspaceDirectory } from '../ports/sandbox.ts';

export const ecosystems = ['node', 'python', 'rust', 'go', 'java', 'ruby'] as const;
export type Ecosystem = (typeof ecosystems)[number];

/** What packages are kept where they are found again by every program of a run, whatever its working directory. */
export const storeName = '.gantry';
export const storePath = `${workspaceDirectory}/${storeName}`;

/** What a directory holds that a manager is chosen by. */
export interface Candidate {
  /** Names of the plain files that lie in it. */
  readonly names: ReadonlySet<string>;
  /** The text of one of them; undefined when it is too large or no text. */
  read(name: string): Promise<string | undefined>;
}

/** What a manager found in a directory. */
export interface Match {
  /** The file that pins versions; null when nothing does. */
  readonly lockfile: string | null;
  /** What `install` gets as `$1`: a file's name. */
  readonly argument?: string;
  /**
   * True when installing may run or read more of the repository than `manifests`: its result is then used with this one
   * state of the files only.
   */
  readonly readsTree: boolean;
}

/** A way to install packages: one entry of the catalogue. All of it is data but for the match. */
export interface Installer {
  readonly name: string;
  readonly ecosystem: Ecosystem;
  /** What a person installs to have it. */
  readonly program: string;
  /** A shell script that prints all versions that its result depends on, and fails where the program is missing. */
  readonly version: string;
  match(candidate: Candidate): Promise<Match | undefined>;
  /** Names of files, here and below, that its result depends on. */
  readonly manifests: readonly string[];
  /** A shell script, run in the directory; `$1` is the match's argument. Without scripts of packages wherever it can be told. */
  readonly install: string;
  /** Hosts that it may reach, where the operator has named no registry of their own: `host:port`. */
  readonly hosts: readonly string[];
  /** For `install`. `/private` is a place of its own that is thrown away. */
  readonly env: Readonly<Record<string, string>>;
  /** Points it to a registry of the operator. */
  readonly registryEnv?: (url: URL) => Readonly<Record<string, string>>;
  /** Names of what it leaves, here and below, that is kept; `*` stands before an ending. Everything else is removed. */
  readonly keeps: readonly string[];
  /** What programs of a run need to find the packages; `directory` is absolute. */
  readonly use: (directory: string) => Readonly<Record<string, string>>;
}

/**
 * Matches the first of `lockfiles` that is there. `local` is how it names what is taken from the repository itself, whose
 * files then decide too: else one commit's packages, or what their install leaves, would be another's.
 */
export function byLockfile(local: RegExp | undefined, ...lockfiles: readonly string[]) {
  return async ({ names, read }: Candidate): Promise<Match | undefined> => {
    const lockfile = lockfiles.find((name) => names.has(name));
    if (lockfile === undefined) return undefined;
    const text = local && (await read(lockfile));
    return { lockfile, readsTree: local !== undefined && (text === undefined || local.test(text)) };
  };
}
