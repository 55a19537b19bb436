/** A file that two states have differently. */
export interface DiffFile {
  readonly name: string;
  /** Unified hunks, each with its `@@` line. */
  readonly hunks: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** Known of patches only. */
  readonly status?: 'added' | 'deleted' | 'renamed' | 'changed';
  /** Its name before, when it was renamed. */
  readonly from?: string;
  /** Not text: there are no lines to show. */
  readonly isBinary?: boolean;
}

/** How many lines there are to show. */
export function linesOf({ hunks }: DiffFile): number {
  return hunks.reduce((sum, hunk) => sum + hunk.split('\n').length, 0);
}

const mostOpen = 1500;

/** The files that are open at first: as many from the top as can be read at once, and always the first. */
export function openAtFirst(files: readonly DiffFile[]): Set<string> {
  const open = new Set<string>();
  let left = mostOpen;
  for (const file of files) {
    left -= linesOf(file);
    if (left < 0 && open.size > 0) break;
    open.add(file.name);
  }
  return open;
}

/** What a file's change is known by, so that a mark on it ends when it changes again. */
export function markOf({ name, hunks }: DiffFile): string {
  let hash = 5381;
  for (const hunk of hunks)
    for (let at = 0; at < hunk.length; at += 1) hash = (hash * 33 + hunk.charCodeAt(at)) >>> 0;
  return `${name} ${hash.toString(36)}`;
}
