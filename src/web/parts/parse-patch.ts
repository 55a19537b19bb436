import { unquoteGitName } from '../../base/git-name.ts';
import type { DiffFile } from './diff-file.ts';

const header = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** The files of a patch as git writes it. What is no patch has none. */
export function parsePatch(text: string): DiffFile[] {
  const files: DiffFile[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    if (!lines[at]?.startsWith('diff --git ')) {
      at += 1;
      continue;
    }
    const { file, next } = readFile(lines, at);
    files.push(file);
    at = next;
  }
  return files;
}

interface Head {
  old: string | undefined;
  now: string | undefined;
  status: DiffFile['status'];
  isBinary: boolean;
}

function readFile(lines: readonly string[], start: number): { file: DiffFile; next: number } {
  const head: Head = { old: undefined, now: undefined, status: 'changed', isBinary: false };
  let at = start + 1;
  while (at < lines.length && !header.test(lines[at] ?? '') && !isNextFile(lines[at])) {
    readHead(head, lines[at] ?? '');
    at += 1;
  }
  const hunks: string[] = [];
  let added = 0;
  let removed = 0;
  while (at < lines.length && header.test(lines[at] ?? '')) {
    const end = endOfHunk(lines, at);
    const hunk = lines.slice(at, end);
    for (const line of hunk.slice(1)) {
      if (line.startsWith('+')) added += 1;
      if (line.startsWith('-')) removed += 1;
    }
    hunks.push(hunk.join('\n'));
    at = end;
  }
  const { old, now, status, isBinary } = head;
  const [first, second] = namesOf(lines[start] ?? '');
  const name = (status === 'deleted' ? old : now) ?? second;
  const from = status === 'renamed' ? (old ?? first) : undefined;
  const file = { name, hunks, added, removed, status, ...(from !== undefined && { from }) };
  return { file: { ...file, ...(isBinary && { isBinary }) }, next: at };
}

const isNextFile = (line: string | undefined) => line?.startsWith('diff --git ') === true;

function readHead(head: Head, line: string): void {
  if (line.startsWith('new file mode')) head.status = 'added';
  else if (line.startsWith('deleted file mode')) head.status = 'deleted';
  else if (line.startsWith('rename from '))
    [head.status, head.old] = ['renamed', unquoteGitName(line.slice(12))];
  else if (line.startsWith('rename to ')) head.now = unquoteGitName(line.slice(10));
  else if (line.startsWith('--- ')) head.old ??= withoutSide(line.slice(4));
  else if (line.startsWith('+++ ')) head.now ??= withoutSide(line.slice(4));
  else if (line.startsWith('Binary files ') || line === 'GIT binary patch') head.isBinary = true;
}

/** By the lengths that its header names: its lines may look like anything. */
function endOfHunk(lines: readonly string[], start: number): number {
  const [, old = '1', now = '1'] = header.exec(lines[start] ?? '') ?? [];
  let [oldLeft, newLeft] = [Number(old), Number(now)];
  let at = start + 1;
  while (at < lines.length && (oldLeft > 0 || newLeft > 0)) {
    const sign = lines[at]?.[0];
    if (sign !== '+' && sign !== '\\') oldLeft -= 1;
    if (sign !== '-' && sign !== '\\') newLeft -= 1;
    at += 1;
  }
  while (lines[at]?.startsWith('\\')) at += 1;
  return at;
}

/** `a/old b/new`; where names have spaces, both are the same and each is half of it. */
function namesOf(line: string): [string, string] {
  const rest = line.slice('diff --git '.length);
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  if (quoted) return [withoutSide(quoted[1] ?? '') ?? '', withoutSide(quoted[2] ?? '') ?? ''];
  const half = rest.slice((rest.length + 1) / 2);
  return [withoutSide(half) ?? half, withoutSide(half) ?? half];
}

/** The name without `a/` or `b/`; nothing for `/dev/null`. */
function withoutSide(name: string): string | undefined {
  const plain = unquoteGitName(name.replace(/\t$/, ''));
  return plain === '/dev/null' ? undefined : plain.replace(/^[ab]\//, '');
}
