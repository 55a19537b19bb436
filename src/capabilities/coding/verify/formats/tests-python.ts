import type { FailedTest, Framework } from './tests.ts';

const frame = /^ *File "\/workspace\/([^"]+)", line (\d{1,7})/;
const total = /^Ran (\d{1,7}) tests? in /;
const heading = /^(?:FAIL|ERROR): (.+)$/;

/** `python -m unittest`: a block for each that fails, then how many ran. */
export const unittest: Framework = (lines) => {
  const ran = lines.filter((line) => total.test(line));
  if (ran.length === 0) return undefined;
  const failed: FailedTest[] = [];
  for (const [index, line] of lines.entries()) {
    const name = heading.exec(line)?.[1];
    if (name === undefined || !/^={60,}$/.test(lines[index - 1] ?? '')) continue;
    const length = lines.slice(index + 2, index + 2000).findIndex((each) => /^(={60,}|-{60,})$/.test(each));
    const block = lines.slice(index + 2, length < 0 ? index + 100 : index + 2 + length);
    failed.push({ name: testName(name), ...errorOf(block) });
  }
  const count = (word: string): number =>
    lines
      .filter((line) => /^(OK|FAILED)\b/.test(line))
      .reduce((all, line) => all + number(new RegExp(`\\b${word}=(\\d+)`).exec(line)?.[1]), 0);
  const skipped = lines
    .filter((line) => /^(OK|FAILED|NO TESTS RAN) \(/.test(line))
    .reduce((all, line) => all + number(/\bskipped=(\d+)/.exec(line)?.[1]), 0);
  return {
    counts: {
      total: ran.reduce((all, line) => all + number(total.exec(line)?.[1]), 0),
      failed: count('failures') + count('errors') + count('unexpected successes'),
      skipped,
    },
    failed,
  };
};

/** `test_a (tests.test_a.TestA.test_a)` of 3.11 and `test_a (tests.test_a.TestA)` of before are the same test. */
function testName(heading: string): string {
  const [whole, method, place = '', rest = ''] = /^(\S+) \(([\w.]+)\)(.*)$/.exec(heading) ?? [];
  if (whole === undefined || method === undefined) return heading;
  return `${place.endsWith(`.${method}`) ? place : `${place}.${method}`}${rest}`;
}

/** The message, and the last place of the repository that the error came through. */
function errorOf(block: readonly string[]): Omit<FailedTest, 'name'> {
  const [, path, line] = block.map((each) => frame.exec(each)).findLast((each) => each !== null) ?? [];
  const words =
    block.findLast(
      (each) =>
        /^[A-Za-z_][\w.]*(Error|Exception|Warning|Exit|Interrupt|Failure)?\b.*/.test(each) &&
        !each.startsWith(' '),
    ) ?? '';
  const message = words.startsWith('Traceback') ? '' : words;
  return {
    message,
    path: path === undefined ? null : `/workspace/${path}`,
    line: line === undefined ? undefined : Number(line),
  };
}

const tally = /^=* ?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s/;
const summaryRow = /^(FAILED|ERROR) ([^\s:]+)(::\S.*?)?(?: - (.*))?$/;

/** pytest: the rows of its short summary, and the line with how many of what. */
export const pytest: Framework = (lines) => {
  const ends = lines.flatMap((line) => tally.exec(line)?.[1] ?? []);
  if (ends.length === 0) return undefined;
  const of = (...words: string[]): number =>
    ends.reduce(
      (all, each) =>
        all + words.reduce((sum, word) => sum + number(new RegExp(`(\\d+) ${word}s?\\b`).exec(each)?.[1]), 0),
      0,
    );
  const [failures, skipped] = [of('failed', 'error'), of('skipped', 'xfailed', 'deselected')];
  const headings = new Map(
    lines.flatMap((line, index) => {
      const name = /^_{3,} (?:ERROR (?:at \w+ of|collecting) )?(\S.*?) _{3,}$/.exec(line)?.[1];
      return name === undefined ? [] : [[name, index] as const];
    }),
  );
  const failed = lines.flatMap((line): FailedTest[] => {
    const [, , path = '', test = '', message = ''] = summaryRow.exec(line) ?? [];
    if (path === '') return [];
    return [{ name: `${path}${test}`, path, ...detailsOf(lines, headings, { path, test, message }) }];
  });
  return {
    counts: { total: failures + of('passed') + skipped + of('xpassed'), failed: failures, skipped },
    failed,
  };
};

/** From the block below the heading with the test's name: where it failed, and the message that the summary cuts. */
function detailsOf(
  lines: readonly string[],
  headings: ReadonlyMap<string, number>,
  { path, test, message }: { readonly path: string; readonly test: string; readonly message: string },
): Pick<FailedTest, 'line' | 'message'> {
  const start = headings.get(test === '' ? path : test.replace(/^::/, '').replaceAll('::', '.'));
  if (start === undefined) return { message };
  const rest = lines.slice(start + 1, start + 400);
  const end = rest.findIndex((line) => /^(_{3,} .* _{3,}|={3,} .*)$/.test(line));
  const block = rest.slice(0, end < 0 ? undefined : end);
  const place = block.findLast((line) => line.startsWith(`${path}:`));
  const at = place?.slice(path.length + 1).match(/^\d+/)?.[0];
  const said = block.find((line) => /^E +\S/.test(line))?.replace(/^E +/, '');
  return { message: said ?? message, ...(at !== undefined && { line: Number(at) }) };
}

function number(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}
