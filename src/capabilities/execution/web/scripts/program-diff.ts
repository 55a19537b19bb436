import { inert } from '../../../../base/inert.ts';
import { draftOf } from '../draft.ts';

export interface DiffLine {
  readonly kind: 'file' | 'added' | 'removed' | 'same';
  readonly text: string;
}

/** Lines around a change that are shown as well. */
const around = 2;
/** Above this many pairs of lines, what is between the common ends counts as changed throughout. */
const mostPairs = 4_000_000;

/** What changed between two programs, by file and line; files that are alike are left out. */
export function programDiff(before: unknown, after: unknown): readonly DiffLine[] {
  const old = textsOf(before);
  const now = textsOf(after);
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === to) return [];
    const lines = lineDiff(split(from), split(to));
    return [{ kind: 'file', text: inert(name) } as const, ...nearChanges(lines)];
  });
}

function split(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Every file by name, and what else there is to a program under a name that no file can have. */
function textsOf(program: unknown): Map<string, string> {
  const draft = draftOf(program);
  if (!draft) return new Map();
  const texts = new Map(draft.files.map(({ name, content }) => [name, content]));
  const { language, version, stdin, args, env, limits, compile, mode } = draft;
  const settings = { language, version, mode, args, env, limits, compile };
  if (stdin !== '') texts.set('<stdin>', stdin);
  texts.set('<settings>', JSON.stringify(settings, null, 2));
  return texts;
}

function lineDiff(old: readonly string[], now: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail += 1;
  const middle = commonLines(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [...same(old.slice(0, head)), ...middle, ...same(old.slice(old.length - tail))];
}

function same(lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind: 'same', text: inert(text) }));
}

/** The longest common subsequence, by dynamic programming (Wagner and Fischer 1974). */
function commonLines(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = (text = ''): DiffLine => ({ kind: 'removed', text: inert(text) });
  const added = (text = ''): DiffLine => ({ kind: 'added', text: inert(text) });
  if (old.length * now.length > mostPairs) return [...old.map(removed), ...now.map(added)];
  const width = now.length + 1;
  const length = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      length[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(...same([old[i] ?? '']));
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1)))
      lines.push(removed(old[i++]));
    else lines.push(added(now[j++]));
  }
  return lines;
}

function nearChanges(lines: readonly DiffLine[]): DiffLine[] {
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]));
  const near = new Set(
    changed.flatMap((index) => Array.from({ length: 2 * around + 1 }, (_, at) => index - around + at)),
  );
  return lines.flatMap((line, index) => {
    if (near.has(index)) return [line];
    return near.has(index - 1) ? [{ kind: 'same', text: '…' } as const] : [];
  });
}
