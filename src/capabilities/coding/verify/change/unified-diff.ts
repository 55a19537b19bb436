import { unquoteGitName } from '../../../../base/git-name.ts';

/** A line that a change adds. */
export interface AddedLine {
  /** From 1, in the file as it is afterwards. */
  readonly line: number;
  readonly text: string;
}

/** What a change does to one file. */
export interface ChangedFile {
  readonly path: string;
  readonly isNew: boolean;
  readonly isDeleted: boolean;
  readonly isBinary: boolean;
  /** As git writes it: `100644`, `100755`, `120000` for a link, `160000` for another repository; null when it stays. */
  readonly mode: string | null;
  readonly added: readonly AddedLine[];
  readonly removed: readonly string[];
}

interface Draft {
  path: string;
  isNew: boolean;
  isDeleted: boolean;
  isBinary: boolean;
  mode: string | null;
  readonly added: AddedLine[];
  readonly removed: string[];
}

/** The files of a diff as git writes it. Lines of files are told from git's own by the lengths of hunks. */
export function parseDiff(diff: string): ChangedFile[] {
  const files: Draft[] = [];
  let file: Draft | undefined;
  let [before, after, at] = [0, 0, 0];
  for (const line of diff.split('\n')) {
    if (file && (before > 0 || after > 0)) {
      const first = line[0];
      if (first === '+') {
        file.added.push({ line: at, text: line.slice(1) });
        [after, at] = [after - 1, at + 1];
      } else if (first === '-') {
        file.removed.push(line.slice(1));
        before -= 1;
      } else if (first !== '\\') [before, after, at] = [before - 1, after - 1, at + 1];
      continue;
    }
    if (line.startsWith('diff --git ')) {
      file = draftOf(line.slice('diff --git '.length));
      files.push(file);
    } else if (file) {
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (hunk) [before, at, after] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
      else readHeader(file, line);
    }
  }
  return files;
}

function draftOf(names: string): Draft {
  return {
    path: pathOf(names),
    isNew: false,
    isDeleted: false,
    isBinary: false,
    mode: null,
    added: [],
    removed: [],
  };
}

function readHeader(file: Draft, line: string): void {
  const [, word = '', rest = ''] =
    /^(new file mode|new mode|deleted file mode|rename to|copy to|\+\+\+|Binary files|GIT binary patch) ?(.*)$/.exec(
      line,
    ) ?? [];
  if (word === 'new file mode') [file.isNew, file.mode] = [true, rest];
  else if (word === 'new mode') file.mode = rest;
  else if (word === 'deleted file mode') file.isDeleted = true;
  else if (word === 'rename to' || word === 'copy to') file.path = unquoteGitName(rest);
  else if (word === '+++' && rest !== '/dev/null')
    file.path = unquoteGitName(rest.replace(/\t$/, '')).replace(/^b\//, '');
  else if (word.endsWith('files') || word.startsWith('GIT')) file.isBinary = true;
}

/** Of `a/x b/x`, where both are the same: names with blanks make it ambiguous otherwise. */
function pathOf(names: string): string {
  const quoted = /"(?:[^"\\]|\\.)*"$/.exec(names)?.[0];
  if (quoted !== undefined) return unquoteGitName(quoted).replace(/^b\//, '');
  const half = names.slice((names.length + 1) / 2);
  return half.startsWith('b/') ? half.slice(2) : (names.split(' b/').at(-1) ?? names);
}
