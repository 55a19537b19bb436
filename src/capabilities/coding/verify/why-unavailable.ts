import { inert } from '../../../base/inert.ts';
import type { Check } from './check.ts';
import { linesOf, type Reading } from './formats/reading.ts';
import type { ProgramOutcome } from './run-programs.ts';

const missing = [
  /^(?:\/bin\/)?(?:sh|bash|dash): (?:line \d+: |\d+: )?([^:\s]{1,100}): (?:command )?not found$/,
  /^(?:timeout|env|xargs): (?:failed to run command )?[‘'`]?([^:\s’'`]{1,100})[’'`]?: No such file or directory$/,
  /^(?:\/\S*\/)?python[\d.]*: No module named ([\w.]{1,100})$/,
  /^(?:make|gmake)(?:\[\d+\])?: ([^:\s]{1,100}): (?:Command not found|No such file or directory)$/,
  /^npm (?:ERR!|error) (?:npx )?canceled due to missing packages.*\["([^"@]{1,100})/,
  /^npm (?:ERR!|error) request to https?:\/\/[^\s/]+\/(\S{1,100}) failed: cache mode is/,
  /^error: no such (?:sub)?command: `([\w-]{1,100})`/,
  /^Could not find command "([\w-]{1,100})"/,
  /^bundler: command not found: (\S{1,100})$/,
];
const offline =
  /getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|[Cc]ould not resolve host|Temporary failure in name resolution|lookup \S+(?: on \S+)?: |module lookup disabled by GOPROXY|ENOTCACHED|EAI_AGAIN|without the offline flag|retry without `--offline`|no matching package named|Network is unreachable|Unknown host/;

const noMaven = /plexus\.classworlds\.launcher\.Launcher\.main\(/;

/** Why the program says nothing of the code: it, or what it needs, is not there. Undefined when it could run. */
export function whyUnavailable(
  { kind, from }: Check,
  { end, text }: ProgramOutcome,
  { findings, tests }: Reading,
): string | undefined {
  if (end.kind !== 'exited' || end.code === 0) return undefined;
  if (tests !== undefined || findings.length > 0) return undefined;
  const lines = linesOf(text.slice(-20_000));
  const tool = lines.map(missingTool).find((name) => name !== undefined);
  const setting = `checks.${kind} in .gantry.yaml`;
  if (tool !== undefined)
    return `${tool} is not installed where checks run. Install it on the workers, add it to the packages that the repository's lockfile names, or ${from === 'detected' ? 'set' : 'change'} ${setting}.`;
  if (end.code === 126 || end.code === 127 || (end.code === 100 && noMaven.test(text))) {
    const last = lines.findLast((line) => line.trim() !== '')?.slice(0, 200) ?? 'the shell did not find it';
    return `The command cannot be started: ${inert(last)}. ${from === 'detected' ? 'Set' : 'Change'} ${setting}.`;
  }
  if (lines.some((line) => offline.test(line)))
    return `It needs packages that are not there, and checks have no network. Add a lockfile, so that they are installed before, or set ${setting}.`;
  return undefined;
}

function missingTool(line: string): string | undefined {
  for (const pattern of missing) {
    const name = pattern.exec(line.trim())?.[1];
    if (name !== undefined) return inert(name);
  }
  return undefined;
}
