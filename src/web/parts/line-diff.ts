interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

export interface UnifiedDiff {
  /** One hunk with its header each; none when the texts are the same. */
  readonly hunks: readonly string[];
  readonly added: number;
  readonly removed: number;
}

const context = 3;
/** Beyond so many differences, the whole middle is one change: looking for better takes too long. */
const mostEdits = 600;

/** What differs between two texts, line by line, as unified hunks. Myers, "An O(ND) Difference Algorithm" (1986). */
export function lineDiff(before: string, after: string): UnifiedDiff {
  const edits = editsBetween(before.split('\n'), after.split('\n'));
  return {
    hunks: hunksOf(edits),
    added: edits.filter(({ kind }) => kind === '+').length,
    removed: edits.filter(({ kind }) => kind === '-').length,
  };
}

function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  const same = (lines: readonly string[]) => lines.map((text): Edit => ({ kind: ' ', text }));
  return [
    ...same(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Edit[] {
  const trace = shortestPath(before, after);
  if (!trace) {
    const all = (kind: Edit['kind'], lines: readonly string[]) => lines.map((text): Edit => ({ kind, text }));
    return [...all('-', before), ...all('+', after)];
  }
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reached = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const at = (diagonal: number) => reached.get(diagonal) ?? -1;
    const from = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(from);
    const fromY = fromX - from;
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      edits.push({ kind: ' ', text: before[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    if (x === fromX) edits.push({ kind: '+', text: after[y - 1] ?? '' });
    else edits.push({ kind: '-', text: before[x - 1] ?? '' });
    x = fromX;
    y = fromY;
  }
  return edits.reverse();
}

/** How far each diagonal reached before each number of edits; undefined when there are too many. */
function shortestPath(
  before: readonly string[],
  after: readonly string[],
): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  const most = Math.min(before.length + after.length, mostEdits);
  for (let d = 0; d <= most; d += 1) {
    trace.push(new Map(reached));
    const next = new Map(reached);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (next.get(k - 1) ?? -1) < (next.get(k + 1) ?? -1));
      let x = down ? (next.get(k + 1) ?? 0) : (next.get(k - 1) ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      next.set(k, x);
      if (x >= before.length && x - k >= after.length) return trace;
    }
    reached = next;
  }
  return undefined;
}

function hunksOf(edits: readonly Edit[]): string[] {
  const hunks: string[] = [];
  let before = 1;
  let after = 1;
  for (let at = 0; at < edits.length;) {
    if (edits[at]?.kind === ' ') {
      before += 1;
      after += 1;
      at += 1;
      continue;
    }
    const lead = Math.min(context, at - 0, leadOf(edits, at));
    const from = at - lead;
    const to = endOf(edits, at);
    const lines = edits.slice(from, to);
    const oldCount = lines.filter(({ kind }) => kind !== '+').length;
    const newCount = lines.filter(({ kind }) => kind !== '-').length;
    const place = `@@ -${before - lead},${oldCount} +${after - lead},${newCount} @@`;
    hunks.push([place, ...lines.map(({ kind, text }) => `${kind}${text}`)].join('\n'));
    before += oldCount - lead;
    after += newCount - lead;
    at = to;
  }
  return hunks;
}

function leadOf(edits: readonly Edit[], at: number): number {
  let lead = 0;
  while (at - lead - 1 >= 0 && edits[at - lead - 1]?.kind === ' ') lead += 1;
  return lead;
}

/** Where a hunk ends: after the context that follows its last change, when the next is further than two contexts away. */
function endOf(edits: readonly Edit[], at: number): number {
  let last = at;
  for (let index = at; index < edits.length && index - last <= context * 2; index += 1) {
    if (edits[index]?.kind !== ' ') last = index;
  }
  return Math.min(edits.length, last + 1 + context);
}
