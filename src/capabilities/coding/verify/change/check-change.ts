import { inert } from '../../../../base/inert.ts';
import type { Workspace } from '../../../../resources/workspace/workspace.ts';
import { findingLine } from '../check-result.ts';
import type { CheckResult, Finding } from '../verification.ts';
import { findCredentials } from './credentials.ts';
import { fileDangers } from './file-dangers.ts';
import { findHiddenText } from './hidden-text.ts';
import { parseDiff, type ChangedFile } from './unified-diff.ts';

/** What is proven. */
export interface Change {
  readonly paths: readonly string[];
  /** Unified, against what was there before. */
  readonly diff: string;
  /** `diff` isn't all of it; then the workspace is asked for its whole difference from the base. */
  readonly isDiffCut?: boolean;
}

const longestDiff = 16 * 1024 ** 2;
const mostFindings = 200;
const longestPath = 1000;
/** What lies there is made up, or shows how an attack looks. */
const madeUp =
  /(^|\/)(tests?|__tests__|spec|fixtures?|testdata|examples?|mocks?)(\/|$)|[._-](test|spec)\.\w+$|(^|\/)test_[^/]*$/i;

/**
 * Gantry's own look at a change, without any tool: credentials, text that reads other than it runs, links that lead
 * outside, programs and large files. Only findings of severity `error` fail it.
 */
export async function checkChange(workspace: Workspace, change: Change): Promise<CheckResult> {
  const begun = performance.now();
  const { text, isCut } = await wholeDiff(workspace, change);
  const findings: Finding[] = isCut ? [tooLarge] : [];
  for (const file of parseDiff(text)) {
    if (findings.length >= mostFindings) break;
    findings.push(...(await findingsOf(workspace, file)));
  }
  const kept = findings
    .slice(0, mostFindings)
    .toSorted((one, other) => Number(isError(other)) - Number(isError(one)));
  const errors = kept.filter(isError).length;
  const warnings = kept.length - errors;
  return {
    ...{ kind: 'security', name: 'added lines', command: null },
    status: errors > 0 ? 'failed' : 'passed',
    summary: summaryOf(errors, warnings),
    findings: kept,
    output: kept.map(findingLine).join('\n').slice(0, 8000).toWellFormed(),
    durationMs: performance.now() - begun,
  };
}

async function wholeDiff(
  workspace: Workspace,
  { diff, isDiffCut, paths }: Change,
): Promise<{ text: string; isCut: boolean }> {
  if (isDiffCut !== true) return { text: diff, isCut: false };
  const { text, truncated } = await workspace.diff('base', longestDiff);
  const wanted = new Set(paths);
  const files = text
    .split(/^(?=diff --git )/m)
    .filter((part) => parseDiff(part).some(({ path }) => wanted.has(path)));
  return { text: files.join(''), isCut: truncated };
}

async function findingsOf(workspace: Workspace, file: ChangedFile): Promise<Finding[]> {
  const path = inert(file.path.slice(0, longestPath / 2).toWellFormed()).slice(0, longestPath);
  const isMadeUp = madeUp.test(file.path);
  const isLink = file.mode === '120000';
  const dangers = await fileDangers(workspace, file);
  const credentials = isLink ? [] : findCredentials(file);
  return [
    ...dangers.map((each) => ({ ...each, path, line: null })),
    ...credentials.map(({ line, rule, message, isSure }) => ({
      ...{ path, line, rule, message },
      severity: isSure || !isMadeUp ? ('error' as const) : ('warning' as const),
    })),
    ...(isLink
      ? []
      : file.added.flatMap(({ line, text }) =>
          findHiddenText(file.path, text).map((each) => ({ ...each, path, line })),
        )),
    ...nameDangers(file.path).map((each) => ({ ...each, path, line: null })),
  ];
}

/** A name can lie as well as a line can. */
function nameDangers(path: string): Pick<Finding, 'rule' | 'message' | 'severity'>[] {
  return findHiddenText('', path)
    .slice(0, 1)
    .map(({ rule }) => ({
      rule,
      message: 'The name of the file holds characters that nobody sees. Rename it.',
      severity: 'error',
    }));
}

const tooLarge: Finding = {
  ...{ path: null, line: null, rule: 'too-large', severity: 'error' },
  message: 'The change has more than 16 MiB, more than can be looked at. Leave out what is generated.',
};

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function summaryOf(errors: number, warnings: number): string {
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'problem' : 'problems'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return parts.length === 0 ? 'No credentials, hidden text or foreign programs' : parts.join(', ');
}
