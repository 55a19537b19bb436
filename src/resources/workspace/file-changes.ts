import type { FileChange } from './workspace.ts';

/** Names that can't be shown as they are keep their bytes apart: what is no UTF-8 becomes a mark. */
const utf8 = new TextDecoder();

/** Reads what `git diff-tree -z --raw --numstat` prints: names may hold anything but NUL. */
export function readChanges(printed: Uint8Array): FileChange[] {
  const fields = utf8.decode(printed).split('\0');
  const statuses = new Map<string, FileChange['status']>();
  const changes: FileChange[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      statuses.set(fields[at + 1] ?? '', statusOf(field.at(-1)));
      at += 1;
      continue;
    }
    const [, added, removed, path] = /^(\d+|-)\t(\d+|-)\t([\s\S]+)$/.exec(field) ?? [];
    if (path === undefined) continue;
    changes.push({
      path,
      status: statuses.get(path) ?? 'modified',
      added: lines(added),
      removed: lines(removed),
    });
  }
  return changes;
}

function statusOf(letter: string | undefined): FileChange['status'] {
  if (letter === 'A') return 'added';
  return letter === 'D' ? 'deleted' : 'modified';
}

function lines(text: string | undefined): number | null {
  return text === undefined || text === '-' ? null : Number(text);
}
