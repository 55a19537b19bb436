import type { FailedTest, Framework } from './tests.ts';

const count = (text: string | undefined): number => (text === undefined ? 0 : Number(text));
const sumOf = (lines: readonly string[], pattern: RegExp): number =>
  lines.reduce((all, line) => all + count(pattern.exec(line)?.[1]), 0);

/** `go test`: it counts nothing by itself; with `-v` each test is a line. */
export const goTest: Framework = (lines) => {
  const packages = lines.filter((line) => /^(ok|FAIL|\?) {4,}\S+ +([\d.]+s|\(cached\)|\[)/.test(line));
  const failed: FailedTest[] = lines.flatMap((line, index) => {
    // What a test prints without a line feed stands before it.
    const [, name] = /--- FAIL: (\S+) \([\d.]+s\)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const next = lines[index + 1] ?? '';
    return [{ name, message: /^ +[\w./-]+\.go:\d+: /.test(next) ? next : '' }];
  });
  if (packages.length === 0 && failed.length === 0) return undefined;
  const [passed, skipped] = [/--- PASS: \S+ \(/, /--- SKIP: \S+ \(/].map(
    (pattern) => lines.filter((line) => pattern.test(line)).length,
  );
  const isEmpty = packages.every((line) => line.startsWith('?')) && failed.length === 0;
  const isVerbose = lines.some((line) => line.startsWith('=== RUN '));
  const broken = packages
    .filter((line) => /^FAIL .*\[(build|setup) failed\]/.test(line))
    .map((line): FailedTest => ({ name: /^FAIL +(\S+)/.exec(line)?.[1] ?? '', message: 'does not build' }));
  const all = [...failed, ...broken];
  return {
    counts: {
      total: isVerbose || isEmpty ? (passed ?? 0) + (skipped ?? 0) + failed.length : null,
      failed: all.length,
      skipped: skipped ?? 0,
    },
    failed: all,
  };
};

/** `cargo test`: one result for each program of tests. */
export const cargo: Framework = (lines) => {
  const results = lines.filter((line) => line.startsWith('test result: '));
  if (results.length === 0) return undefined;
  const panics = new Map(
    lines.flatMap((line, index) => {
      const name = /^thread '(.*?)' (?:\(\d+\) )?panicked at /.exec(line)?.[1];
      return name === undefined ? [] : [[name, index] as const];
    }),
  );
  const failed = lines.flatMap((line): FailedTest[] => {
    const name = /^test (\S.*?) \.\.\. FAILED$/.exec(line)?.[1];
    if (name === undefined) return [];
    const at = panics.get(name);
    const block = at === undefined ? [] : lines.slice(at, at + 6);
    const [, path, place] =
      block.map((each) => /([\w./-]+\.rs):(\d+):\d+/.exec(each)).find((each) => each !== null) ?? [];
    const [first = '', second = ''] = block;
    const message = first.includes("panicked at '") ? first.replace(/^.*?panicked at '/, '') : second;
    return [{ name, message, path, line: place === undefined ? undefined : Number(place) }];
  });
  const [passed, failures, skipped] = [/ (\d+) passed/, / (\d+) failed/, / (\d+) ignored/].map((each) =>
    sumOf(results, each),
  );
  return {
    counts: {
      total: (passed ?? 0) + (failures ?? 0) + (skipped ?? 0),
      failed: failures ?? 0,
      skipped: skipped ?? 0,
    },
    failed,
  };
};

/** Maven's Surefire: the last lines sum up those of each class, which name the time they took. */
export const surefire: Framework = (lines) => {
  const ends = lines.filter(
    (line) => /Tests run: \d+, Failures: \d+, Errors: \d+/.test(line) && !/Time elapsed/.test(line),
  );
  if (ends.length === 0) return undefined;
  const failed = lines.flatMap((line): FailedTest[] => {
    const [, name, place, message] = /^\[ERROR\] {3}([\w.$]+)(?::(\d+))?(?:->\S+)? ?(.*)$/.exec(line) ?? [];
    return name === undefined
      ? []
      : [{ name, message: message ?? '', line: place === undefined ? undefined : Number(place) }];
  });
  return {
    counts: {
      total: sumOf(ends, /Tests run: (\d+)/),
      failed: sumOf(ends, /Failures: (\d+)/) + sumOf(ends, /Errors: (\d+)/),
      skipped: sumOf(ends, /Skipped: (\d+)/),
    },
    failed,
  };
};

/** RSpec: `3 examples, 1 failure`, and a line to run each that fails again. */
export const rspec: Framework = (lines) => {
  const ends = lines.filter((line) => /^\d+ examples?, \d+ failures?/.test(line));
  if (ends.length === 0) return undefined;
  const failed = lines.flatMap((line): FailedTest[] => {
    const [, path, place, name] = /^rspec (\S+?):(\d+) # (.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, message: '', path, line: Number(place) }];
  });
  return {
    counts: {
      total: sumOf(ends, /^(\d+) examples?/),
      failed: sumOf(ends, / (\d+) failures?/),
      skipped: sumOf(ends, / (\d+) pending/),
    },
    failed,
  };
};

/** Minitest, as Ruby's own tests and Rails use it. */
export const minitest: Framework = (lines) => {
  const ends = lines.filter((line) =>
    /^\d+ (runs|tests), \d+ assertions, \d+ failures, \d+ errors/.test(line),
  );
  if (ends.length === 0) return undefined;
  const failed = lines.flatMap((line, index): FailedTest[] => {
    const name = /^(?: +\d+\) )?(?:Failure|Error):$/.test(line) ? (lines[index + 1] ?? line) : undefined;
    const [, test, path, place] = /^(\S+?)(?:\(\w+\))? \[([^\]:]+):(\d+)\]:?$/.exec(name ?? '') ?? [];
    if (name === undefined) return [];
    return [
      {
        name: test ?? name.replace(/:$/, ''),
        message: lines[index + 2] ?? '',
        path,
        line: place === undefined ? undefined : Number(place),
      },
    ];
  });
  return {
    counts: {
      total: sumOf(ends, /^(\d+) (?:runs|tests)/),
      failed: sumOf(ends, / (\d+) failures/) + sumOf(ends, / (\d+) errors/),
      skipped: sumOf(ends, / (\d+) (?:skips|pendings)/),
    },
    failed,
  };
};
