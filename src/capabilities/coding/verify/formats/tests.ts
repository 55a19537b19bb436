import type { Finding, TestCounts } from '../verification.ts';
import { findingOf, linesOf, mostFindings, pathOf, type Reader } from './reading.ts';
import { frameworks } from './test-frameworks.ts';
import { readText } from './text.ts';

/** A test that fails, as its framework names it. */
export interface FailedTest {
  readonly name: string;
  readonly message: string;
  readonly path?: string | null | undefined;
  readonly line?: number | undefined;
}

/** What one framework's output says; undefined when it isn't that framework's. */
export interface TestReading {
  readonly counts: TestCounts;
  readonly failed: readonly FailedTest[];
}
export type Framework = (lines: readonly string[]) => TestReading | undefined;

/**
 * Finds how many tests there are and which of them fail, in the words of the usual frameworks. Several of them, or one
 * several times, are added up. Where no framework is heard, the text is read like a compiler's.
 */
export const readTests: Reader = (text, prefix) => {
  const lines = linesOf(text);
  const readings = frameworks.flatMap((framework) => framework(lines) ?? []);
  if (readings.length === 0) return readText(text, prefix);
  const findings = readings.flatMap(({ failed }) =>
    failed.slice(0, mostFindings).map((each) => failureOf(each, prefix)),
  );
  return { findings: unique(findings), tests: readings.map(({ counts }) => counts).reduce(sum) };
};

function failureOf({ name, message, path, line }: FailedTest, prefix: string): Finding {
  const at = path ? pathOf(path, prefix) : null;
  return findingOf({ path: at, line, rule: name, message: message.trim() || 'fails' });
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((each) => [`${each.path} ${each.rule}`, each])).values()];
}

function sum(one: TestCounts, other: TestCounts): TestCounts {
  const total = one.total === null || other.total === null ? null : one.total + other.total;
  return { total, failed: one.failed + other.failed, skipped: one.skipped + other.skipped };
}
