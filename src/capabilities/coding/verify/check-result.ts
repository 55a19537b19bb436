import { inert, inertLines } from '../../../base/inert.ts';
import type { Check } from './check.ts';
import { readers } from './formats/read-output.ts';
import { linesOf, type Reading } from './formats/reading.ts';
import type { ProgramEnd, ProgramOutcome } from './run-programs.ts';
import type { CheckResult, Finding } from './verification.ts';
import { whyUnavailable } from './why-unavailable.ts';

const mostFindings = 500;
const longestOutput = 8000;
const longestSummary = 200;
/** What pytest, and unittest from Python 3.12 on, end with. */
const noTestsRan = 5;
const emptyWords = 'It finds no tests, so it says nothing of the change';

/** What a check's program came to, in its words and in ours. */
export function checkResult(check: Check, outcome: ProgramOutcome): CheckResult {
  const { kind, name, command, cwd, format } = check;
  const { end, text, durationMs } = outcome;
  const reading = readers[format](text, cwd === undefined ? '' : `${cwd}/`);
  const { findings, tests } = reading;
  const base = { kind, name, command, durationMs, output: outputOf(text, reading) };
  const missing = whyUnavailable(check, outcome, reading);
  if (missing !== undefined) return { ...base, status: 'unavailable', summary: missing, findings: [] };
  const isEmpty = tests?.total === 0 && tests.failed === 0;
  if (isEmpty && end.kind === 'exited' && (end.code === 0 || end.code === noTestsRan))
    return { ...base, status: 'unavailable', summary: emptyWords, findings: [], tests };
  const hasPassed = end.kind === 'exited' && end.code === 0;
  return {
    ...base,
    status: hasPassed ? 'passed' : 'failed',
    summary: hasPassed ? passedWords(reading) : failedWords(check, outcome, reading),
    findings: findings.slice(0, mostFindings),
    ...(findings.length > mostFindings && { more: findings.length - mostFindings }),
    ...(tests && { tests }),
  };
}

function passedWords({ tests, findings }: Reading): string {
  if (tests) {
    const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
    return tests.total === null
      ? 'All tests pass'
      : `${counted(tests.total, 'test')} pass${tests.total === 1 ? 'es' : ''}${skipped}`;
  }
  return findings.length === 0 ? 'Nothing to complain about' : counted(findings.length, 'warning');
}

function failedWords(
  { timeoutMs }: Check,
  { end, text, durationMs }: ProgramOutcome,
  { tests, findings }: Reading,
): string {
  const limit = limitWords(end, Math.min(timeoutMs, durationMs));
  if (limit !== undefined) return limit;
  if (tests && tests.failed > 0) {
    const verb = tests.failed === 1 ? 'fails' : 'fail';
    return tests.total === null
      ? `${counted(tests.failed, 'test')} ${verb}`
      : `${tests.failed} of ${counted(tests.total, 'test')} ${verb}`;
  }
  if (findings.length > 0) return counted(findings.length, 'problem');
  const code = end.kind === 'exited' ? `exit code ${end.code}` : 'it ended early';
  const last =
    linesOf(text.slice(-longestOutput))
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? '';
  return last === ''
    ? `Fails without a word (${code})`
    : `Fails (${code}): ${inert(last)}`.slice(0, longestSummary);
}

function limitWords(end: ProgramEnd, ranMs: number): string | undefined {
  const seconds = Math.round(ranMs / 1000);
  if (end.kind === 'timeout') return `Not done after ${seconds} s, and stopped`;
  if (end.kind === 'lost') return 'Stopped before its end, by itself or by what it started';
  if (end.kind !== 'limit') return undefined;
  const words: Readonly<Partial<Record<typeof end.limit, string>>> = {
    memory: 'Stopped: it needs more memory than a workspace has',
    output: 'Stopped: it writes without end',
    processes: 'Fails: it starts more processes than a workspace may have',
    disk: 'Fails: the disk of the workspace is full',
    cpu: 'Stopped: it used up its processor time',
  };
  return words[end.limit] ?? `Stopped at the limit of ${end.limit}`;
}

/** The end of what was printed; where that is data, what it says. */
function outputOf(text: string, { isData, findings }: Reading): string {
  const shown = isData ? findings.slice(0, 100).map(findingLine).join('\n') : inertText(text);
  return shown.length <= longestOutput ? shown : `…${shown.slice(1 - longestOutput)}`.toWellFormed();
}

function inertText(text: string): string {
  return inertLines(linesOf(text.slice(-4 * longestOutput)).join('\n')).trimEnd();
}

/** `src/a.ts:3: message (rule)` */
export function findingLine({ path, line, rule, message }: Finding): string {
  const place = path === null ? '' : `${path}${line === null ? '' : `:${line}`}: `;
  const named = rule === null || message.includes(rule) ? '' : ` (${rule})`;
  return `${place}${message}${named}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
