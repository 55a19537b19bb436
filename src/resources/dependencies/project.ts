import type { Ecosystem } from './installer.ts';

/** Packages of one directory that one manager installs. JSON. */
export interface Project {
  /** A name of the catalogue. */
  readonly manager: string;
  readonly ecosystem: Ecosystem;
  /** Relative to the repository; empty for its root. */
  readonly directory: string;
  readonly lockfile: string | null;
  readonly argument: string | null;
  /** Over the paths and contents of all files that its result depends on. */
  readonly digest: string;
  /** True when its result fits this one state of the files only. */
  readonly readsTree: boolean;
}

/** What a repository asks to be installed. JSON. */
export interface Environment {
  readonly projects: readonly Project[];
  /** What was left out, and why, for people. */
  readonly notices: readonly string[];
}

/** What people call a project: `npm`, `pip (services/api)`. */
export function projectName({ manager, directory }: Pick<Project, 'manager' | 'directory'>): string {
  return directory === '' ? manager : `${manager} (${directory})`;
}
