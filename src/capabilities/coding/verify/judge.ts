import type { CheckResult, Finding, Verification } from './verification.ts';

const mostShown = 50;
/** Of the base, more is kept: what comes later is compared with it. */
const mostKept = 500;

/**
 * Says what the results are worth: a check that failed before the session's first change, and is no worse now, does not
 * count against the change. Pure. Without `before`, they are the base's own.
 */
export function judgeChecks(results: readonly CheckResult[], before: Verification | null): Verification {
  const checks = results.map((result) =>
    judgeOne(
      result,
      before?.checks.find(({ name, kind }) => name === result.name && kind === result.kind),
      before !== null,
    ),
  );
  return { passed: checks.every(({ status }) => status !== 'failed'), checks };
}

function judgeOne(now: CheckResult, then: CheckResult | undefined, hasBase: boolean): CheckResult {
  if (then === undefined) return cut(now, now.findings, hasBase ? mostShown : mostKept);
  const ran = then.tests?.total ?? 0;
  if (now.status === 'unavailable' && now.tests?.total === 0 && ran > 0)
    return { ...now, status: 'failed', summary: `No tests are left, where ${ran} ran before the change` };
  if (now.status === 'unavailable' && then.status !== 'unavailable')
    return {
      ...now,
      status: 'failed',
      summary: `It could run before the change, and can't any more. ${now.summary}`,
    };
  if (now.status === 'passed') return cut(withoutTests(now, then), now.findings, mostShown);
  if (now.status !== 'failed') return cut(now, now.findings, mostShown);
  const { fresh, known } = sorted(now, then);
  if (then.status === 'failed' && !isWorseThan(now, then, fresh))
    return cut(
      { ...now, status: 'failing-before', summary: `${now.summary}, as before` },
      [...fresh, ...known],
      mostShown,
    );
  const summary =
    known.length > 0 && fresh.length > 0 ? `${now.summary}, ${fresh.length} of them new` : now.summary;
  return cut({ ...now, summary }, [...fresh, ...known], mostShown);
}

/** Where all complaints are known, new ones count; where some could not be kept, or there are none, their number does. */
function isWorseThan(now: CheckResult, then: CheckResult, fresh: readonly Finding[]): boolean {
  if (!saysMore(then)) return false;
  if (!saysMore(now)) return true;
  const failed = (now.tests?.failed ?? 0) - (then.tests?.failed ?? 0);
  const isWhole = !now.more && !then.more && now.findings.length > 0 && then.findings.length > 0;
  if (isWhole) return fresh.some(({ severity }) => severity === 'error') || failed > 0;
  return now.tests && then.tests ? failed > 0 : sizeOf(now) > sizeOf(then);
}

/** More than that it failed. */
function saysMore({ findings, tests }: CheckResult): boolean {
  return findings.length > 0 || (tests?.failed ?? 0) > 0;
}

/**
 * Whether a check of the base can tell later that a change made something worse: one that could not run, or that failed
 * without saying of what, can't.
 */
export function canProve(check: CheckResult): boolean {
  return check.status === 'passed' || (check.status === 'failed' && saysMore(check));
}

function sizeOf({ findings, more = 0 }: CheckResult): number {
  return findings.length + more;
}

/** Fewer tests than before are worth a word; a success that names none any more may have run none. */
function withoutTests(now: CheckResult, then: CheckResult): CheckResult {
  const before = then.tests?.total ?? 0;
  if (before === 0 || now.tests?.total === null) return now;
  if (now.tests === undefined)
    return {
      ...now,
      status: 'failed',
      summary: `It no longer says which tests it ran, where ${before} ran before the change`,
    };
  return now.tests.total >= before ? now : { ...now, summary: `${now.summary}; there were ${before} before` };
}

/** What was there before, and what wasn't: the same complaint twice is known only as often as it was there. */
function sorted(now: CheckResult, then: CheckResult): { fresh: Finding[]; known: Finding[] } {
  const keyOf = now.tests && then.tests ? testOf : complaintOf;
  const left = new Map<string, number>();
  for (const finding of then.findings) left.set(keyOf(finding), (left.get(keyOf(finding)) ?? 0) + 1);
  const fresh: Finding[] = [];
  const known: Finding[] = [];
  for (const finding of now.findings) {
    const key = keyOf(finding);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    (count > 0 ? known : fresh).push(finding);
  }
  return { fresh, known };
}

/** Without the lines, which move. */
function complaintOf({ path, rule, message }: Finding): string {
  return JSON.stringify([path, rule, message.replaceAll(/\bline \d+|:\d+(:\d+)?/g, '')]);
}

/** What a test says when it fails may differ every time. */
function testOf({ rule }: Finding): string {
  return rule ?? '';
}

function cut(result: CheckResult, findings: readonly Finding[], most: number): CheckResult {
  const { more: left = 0, ...rest } = result;
  const more = left + Math.max(0, findings.length - most);
  return { ...rest, findings: findings.slice(0, most), ...(more > 0 && { more }) };
}
