import { ansiText } from '../../../../base/ansi.ts';
import { inert } from '../../../../base/inert.ts';
import type { Finding, TestCounts } from '../verification.ts';

/** What a check's output says. */
export interface Reading {
  readonly findings: Finding[];
  readonly tests?: TestCounts;
  /** The output is data, for which the findings stand. */
  readonly isData?: true;
}

/** Where the program was started, as the beginning of paths: `packages/web/` or nothing. */
export type Reader = (text: string, prefix: string) => Reading;

const root = '/workspace/';
/** So much is read of an output, and no line may make an expression slow. */
const mostLines = 200_000;
const longestLine = 2000;
export const mostFindings = 5000;

/** The lines of a program's output, without colours and control characters. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n|\r/, mostLines)
    .map((line) => ansiText(line.slice(0, longestLine).toWellFormed()).replaceAll('\t', '    '));
}

/** A path of the repository from how a program names it; null for what lies elsewhere. */
export function pathOf(named: string, prefix: string): string | null {
  const isBelowRoot = named.startsWith(root);
  if (named.startsWith('/') && !isBelowRoot) return null;
  const whole = isBelowRoot ? named.slice(root.length) : `${prefix}${named}`;
  const segments: string[] = [];
  for (const segment of whole.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.length === 0 ? null : inert(segments.join('/').slice(0, 900).toWellFormed()).slice(0, 1000);
}

export interface Complaint {
  readonly path: string | null;
  readonly line?: number | null | undefined;
  readonly rule?: string | null | undefined;
  readonly message: string;
  readonly severity?: Finding['severity'];
}

/** A finding within its bounds. */
export function findingOf({ path, line, rule, message, severity = 'error' }: Complaint): Finding {
  const words = inert(ansiText(message.slice(0, 4000).toWellFormed()).replaceAll('\\n', ' ')).trim();
  return {
    path,
    line: typeof line === 'number' && Number.isSafeInteger(line) && line > 0 ? line : null,
    rule: rule ? inert(rule.slice(0, 190).toWellFormed()).slice(0, 200) : null,
    message: words.slice(0, 1000) || 'no message',
    severity,
  };
}
