import type { Check } from '../check.ts';

/** A directory with a manifest, and what lies below it. */
export interface Folder {
  /** Relative to the repository; empty for its root. */
  readonly directory: string;
  /** Plain files that lie right in it. */
  readonly names: ReadonlySet<string>;
  /** Test files and marks of packages below it, as paths from it. */
  readonly below: readonly string[];
  /** The text of a file in it; undefined for none, and for one that is larger than a manifest is. */
  read(name: string): Promise<string | undefined>;
  /** The nearest folder above that has one of these files. */
  above(...names: readonly string[]): Folder | undefined;
}

/** A check that a folder asks for. */
export type FoundCheck = Pick<Check, 'kind' | 'command' | 'format'> & {
  /** What people call it. */
  readonly tool: string;
};

/** Finds the checks of one kind of project; none for other folders. */
export interface Detector {
  readonly ecosystem: string;
  /** Below a folder that has such a check, further ones are their own: what is above does not reach into them. */
  readonly isNested?: true;
  find(folder: Folder): Promise<readonly FoundCheck[]>;
}

/** A word of a shell command. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
