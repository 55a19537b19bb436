import type { FailedTest, Framework } from './tests.ts';

const location = /((?:\/|\.{0,2}\/)?[\w@.+-][^\s:('"]{0,400}\.[cm]?[jt]sx?):(\d{1,7})(?::\d{1,7})?/;

function sumOf(lines: readonly string[], pattern: RegExp): number | undefined {
  const found = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return found.length === 0 ? undefined : found.reduce((all, each) => all + Number(each), 0);
}

/** Where the first line that names a place of the repository leads. */
function placeIn(lines: readonly string[]): Pick<FailedTest, 'path' | 'line'> {
  for (const line of lines) {
    if (/node:internal|node_modules|\(node:/.test(line)) continue;
    const [, path, at] = location.exec(line) ?? [];
    if (path !== undefined) return { path, line: Number(at) };
  }
  return {};
}

/** The lines of a message up to what follows it, as one. */
function firstWords(lines: readonly string[]): string {
  const end = lines.findIndex((each) =>
    /^ *(at |code: |name: |stack: |expected: |actual: |\.\.\.$|\}|test at )/.test(each),
  );
  const words = lines.slice(0, end < 0 ? 4 : end).map((each) => each.trim());
  return words
    .filter((each) => each !== '')
    .slice(0, 4)
    .join(' ');
}

/** `node --test` where its output is TAP: nested, with a block of details below each that fails. */
export const nodeTap: Framework = (lines) => {
  const total = sumOf(lines, /^# tests (\d+)$/);
  if (total === undefined || !lines.some((line) => /^TAP version \d+$/.test(line))) return undefined;
  const failed: FailedTest[] = [];
  for (const [index, line] of lines.entries()) {
    const [, indent = '', name] = /^( *)not ok \d+(?: - (.*))?$/.exec(line) ?? [];
    if (name === undefined || / # (TODO|SKIP)\b/i.test(name)) continue;
    const end = lines.slice(index, index + 200).findIndex((each) => each === `${indent}  ...`);
    const block = lines.slice(index + 1, index + Math.max(end, 1));
    if (
      block.some(
        (each) =>
          /failureType: '(subtestsFailed|cancelledByParent)'/.test(each) || /^ *type: 'suite'/.test(each),
      )
    )
      continue;
    const at = block.find((each) => each.includes('location:')) ?? '';
    const error = block.findIndex((each) => /^ *error: /.test(each));
    const words = error < 0 ? '' : (block[error] ?? '').replace(/^ *error: /, '');
    const message = /^\|-?$/.test(words)
      ? firstWords(block.slice(error + 1))
      : words.replace(/^'(.*)'$/, '$1');
    failed.push({ name, message, ...placeIn([at]) });
  }
  return {
    counts: {
      total,
      failed: sumOf(lines, /^# fail (\d+)$/) ?? failed.length,
      skipped: sumOf(lines, /^# skipped (\d+)$/) ?? 0,
    },
    failed,
  };
};

/** `node --test` as it writes for people: what fails is told again at the end, with its place. */
export const nodeSpec: Framework = (lines) => {
  const total = sumOf(lines, /^ℹ tests (\d+)$/);
  if (total === undefined) return undefined;
  const failed: FailedTest[] = [];
  for (const [index, line] of lines.entries()) {
    const at = /^test at (.*)$/.exec(line)?.[1];
    if (at === undefined) continue;
    const name = /^ *✖ (.*?)(?: \([\d.]+ms\))?(?: # .*)?$/.exec(lines[index + 1] ?? '')?.[1];
    if (name === undefined) continue;
    const message = firstWords(lines.slice(index + 2, index + 12));
    if (!/^ *'\d+ subtests? failed'/.test(message))
      failed.push({ name, message: message.replace(/^ *'(.*)'$/, '$1'), ...placeIn([at]) });
  }
  return {
    counts: {
      total,
      failed: sumOf(lines, /^ℹ fail (\d+)$/) ?? failed.length,
      skipped: sumOf(lines, /^ℹ skipped (\d+)$/) ?? 0,
    },
    failed,
  };
};

/** Jest: a heading `● suite › test` for each that fails, then `Tests: 1 failed, 2 passed, 3 total`. */
export const jest: Framework = (lines) => {
  const total = sumOf(lines, /^Tests: .*?(\d+) total/);
  if (total === undefined) return undefined;
  const failed = lines.flatMap((line, index): FailedTest[] => {
    const name = /^ {2}● (.*\S)/.exec(line)?.[1];
    if (name === undefined || /^(Console|Validation Warning|Deprecation Warning)/.test(name)) return [];
    const next = lines.slice(index + 1, index + 60);
    const end = next.findIndex((each) => /^ {2}● /.test(each));
    const block = end < 0 ? next : next.slice(0, end);
    const message = block.find((each) => each.trim() !== '') ?? '';
    return [{ name, message, ...placeIn(block.filter((each) => / at /.test(each))) }];
  });
  const count = (word: string) => sumOf(lines, new RegExp(`^Tests: .*?(\\d+) ${word}`)) ?? 0;
  return { counts: { total, failed: count('failed'), skipped: count('skipped') + count('todo') }, failed };
};

/** Vitest: ` FAIL  file > suite > test` for each, then ` Tests  1 failed | 2 passed (3)`. */
export const vitest: Framework = (lines) => {
  const total = sumOf(lines, /^ +Tests +.*\((\d+)\)$/);
  if (total === undefined) return undefined;
  const failed = lines.flatMap((line, index): FailedTest[] => {
    const name = /^ *FAIL +(\S.*)$/.exec(line)?.[1];
    if (name === undefined) return [];
    const block = lines.slice(index + 1, index + 40);
    const message = block.find((each) => each.trim() !== '') ?? '';
    const [path = ''] = name.replace(/^\|.*?\| +/, '').split(' ');
    return [{ name, message, path, ...placeIn(block.filter((each) => /^ *❯ /.test(each))) }];
  });
  const count = (word: string) => sumOf(lines, new RegExp(`^ +Tests +.*?(\\d+) ${word}`)) ?? 0;
  return { counts: { total, failed: count('failed'), skipped: count('skipped') + count('todo') }, failed };
};

/** Mocha: `2 passing`, `1 failing`, then a numbered block for each that fails. */
export const mocha: Framework = (lines) => {
  const passing = sumOf(lines, /^ +(\d+) passing \(/);
  if (passing === undefined) return undefined;
  const failing = sumOf(lines, /^ +(\d+) failing$/) ?? 0;
  const start = lines.findLastIndex((line) => /^ +\d+ failing$/.test(line));
  const blocks = start < 0 ? [] : lines.slice(start + 1);
  const failed = blocks.flatMap((line, index): FailedTest[] => {
    const first = /^ {2}\d+\) (.*)$/.exec(line)?.[1];
    if (first === undefined) return [];
    const rest = blocks.slice(index + 1, index + 40);
    // The names go down to the one that ends with a colon.
    const last = first.endsWith(':') ? -1 : rest.findIndex((each) => each.endsWith(':'));
    const names = [first, ...rest.slice(0, last + 1)].map((each) => each.trim().replace(/:$/, ''));
    const body = rest.slice(last + 1);
    return [
      {
        name: names.join(' > '),
        message: body.find((each) => each.trim() !== '') ?? '',
        ...placeIn(body.slice(0, 25).filter((each) => /^ +at /.test(each))),
      },
    ];
  });
  const skipped = sumOf(lines, /^ +(\d+) pending$/) ?? 0;
  return { counts: { total: passing + failing + skipped, failed: failing, skipped }, failed };
};
