import type { DiffFile } from './diff-file.ts';

/** A line of the tree: a folder, or a file in it. */
export interface TreeLine {
  readonly kind: 'folder' | 'file';
  readonly name: string;
  /** The whole path, which is the file's own name. */
  readonly path: string;
  readonly depth: number;
  readonly file: DiffFile | undefined;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: { name: string; file: DiffFile }[];
}

/** Files under their folders, folders first, each by name; folders with nothing but one folder are one line with it. */
export function fileTree(files: readonly DiffFile[]): TreeLine[] {
  const root = newFolder();
  for (const file of files) {
    const parts = file.name.split('/');
    const name = parts.pop() ?? file.name;
    let folder = root;
    for (const part of parts) {
      const known = folder.folders.get(part) ?? newFolder();
      folder.folders.set(part, known);
      folder = known;
    }
    folder.files.push({ name, file });
  }
  return linesOfFolder(root, '', 0);
}

/** The files in the order of the tree. */
export function inTreeOrder(files: readonly DiffFile[]): DiffFile[] {
  return fileTree(files).flatMap(({ file }) => (file ? [file] : []));
}

const newFolder = (): Folder => ({ folders: new Map(), files: [] });
const byName = <Each>(one: readonly [string, Each], other: readonly [string, Each]) =>
  one[0] < other[0] ? -1 : 1;

function linesOfFolder(folder: Folder, path: string, depth: number): TreeLine[] {
  const folders = [...folder.folders].toSorted(byName).flatMap(([first, inside]): TreeLine[] => {
    let [name, whole] = [first, inside];
    for (;;) {
      const [only] = whole.folders;
      if (whole.files.length > 0 || whole.folders.size !== 1 || !only) break;
      [name, whole] = [`${name}/${only[0]}`, only[1]];
    }
    const at = `${path}${name}/`;
    return [
      { kind: 'folder', name, path: at, depth, file: undefined },
      ...linesOfFolder(whole, at, depth + 1),
    ];
  });
  const own = folder.files
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, file }): TreeLine => ({ kind: 'file', name, path: file.name, depth, file }));
  return [...folders, ...own];
}
