import type { CommitChecks, ForgeCheck } from '../../resources/ports/forge.ts';

const longestSummary = 2000;
export const mostChecks = 300;
export const mostLogs = 3;

/** What single checks come to. */
export function sumChecks(checks: readonly ForgeCheck[]): CommitChecks {
  const has = (state: ForgeCheck['state']) => checks.some((check) => check.state === state);
  const state = has('failed')
    ? 'failed'
    : has('pending')
      ? 'pending'
      : checks.length === 0
        ? 'none'
        : 'passed';
  return { state, checks };
}

/** Parts of what a check says, as its summary. */
export function summaryOf(...parts: readonly (string | null | undefined)[]): string {
  const text = parts.filter((part) => part).join('\n');
  return text.length <= longestSummary ? text : `${text.slice(0, longestSummary).toWellFormed()}...`;
}

/** Only addresses of the web: a check can name any. */
export function webLink(address: string | null | undefined): string | null {
  const url = URL.parse(address ?? '');
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}
