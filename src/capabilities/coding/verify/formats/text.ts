import type { Finding } from '../verification.ts';
import { findingOf, linesOf, mostFindings, pathOf, type Complaint, type Reader } from './reading.ts';

/* A path has a dot or a slash and a letter, and no colon. */
const path = String.raw`((?=[^:]*[A-Za-z_])(?=[^:]*[./])[^\s:(][^:(]{0,500})`;
const place = new RegExp(`^\\s{0,4}(?:vet: )?${path}:(\\d{1,7})(?::(\\d{1,7}))?(?::| -)? +(\\S.*)$`);
const typescript = new RegExp(`^${path}\\((\\d{1,7}),\\d{1,7}\\): (error|warning) (TS\\d+): (.*)$`);
const maven = /^\[(ERROR|WARNING)\] +(\/?[^:\s][^:]{0,500}):\[(\d{1,7}),\d{1,7}\] +(.*)$/;
const arrow = new RegExp(`^ *--> +${path}:(\\d{1,7})(?::\\d{1,7})?$`);
const biome = new RegExp(`^${path}:(\\d{1,7}):\\d{1,7} +((?:lint|assist|format|parse|suppressions)\\S*)`);
const stylish = /^ +(\d{1,7}):\d{1,7} +(error|warning) +(.*)$/;
const fileAlone = /^(\/?[\w@.~+-][^:"'`()]{0,500}\.\w{1,8})$/;

const severities: Readonly<Record<string, Finding['severity'] | 'none'>> = {
  error: 'error',
  'fatal error': 'error',
  fatal: 'error',
  warning: 'warning',
  warn: 'warning',
  note: 'none',
  info: 'none',
  information: 'none',
  help: 'none',
};
const severityWord =
  /^(fatal error|error|fatal|warning|warn|note|information|info|help)(?:\[([\w-]+)\])?:? +/i;

/**
 * Finds complaints in what linters, compilers and type checkers write for people: `path:line: message` in its many forms,
 * ESLint's and Biome's lists, and messages with `--> path:line` below them.
 */
export const readText: Reader = (text, prefix) => {
  const found: Finding[] = [];
  let file: string | undefined;
  let before = '';
  const lines = linesOf(text);
  for (const [index, line] of lines.entries()) {
    if (found.length >= mostFindings) break;
    const complaint =
      ofArrow(line, before) ??
      ofBiome(line, lines, index) ??
      ofCompiler(line) ??
      ofStylish(line, file) ??
      ofPlace(line);
    if (complaint)
      found.push(
        findingOf({ ...complaint, path: complaint.path === null ? null : pathOf(complaint.path, prefix) }),
      );
    const alone = fileAlone.exec(line);
    if (alone) file = alone[1];
    if (line.trim() !== '') before = line;
  }
  return { findings: found };
};

function ofPlace(line: string): Complaint | undefined {
  const [, file = '', at, , rest = ''] = place.exec(line) ?? [];
  if (file === '' || /^\d+([./]\d+)*$/.test(file)) return undefined;
  return complaintOf(file, Number(at), rest);
}

function ofArrow(line: string, before: string): Complaint | undefined {
  const [, file, at] = arrow.exec(line) ?? [];
  return file === undefined ? undefined : complaintOf(file, Number(at), before.trim());
}

/** Takes severity and rule out of a message: `error[E1]: x`, `E501 x`, `x [arg-type]`, `x (reportY)`. */
function complaintOf(file: string, line: number, words: string): Complaint | undefined {
  const [said = '', word = '', code] = severityWord.exec(words) ?? [];
  const severity = severities[word.toLowerCase()] ?? 'error';
  if (severity === 'none') return undefined;
  const rest = words.slice(said.length);
  const [leading = '', number] = /^([A-Z]{1,6}\d{1,5}):?(?: \[\*\])? +/.exec(rest) ?? [];
  const [trailing = '', last] = / [[(]([\w./-]{2,100})[\])]$/.exec(rest) ?? [];
  const rule = code ?? number ?? last ?? null;
  const end = code === undefined && number === undefined ? rest.length - trailing.length : rest.length;
  return { path: file, line, rule, message: rest.slice(leading.length, end), severity };
}

function ofCompiler(line: string): Complaint | undefined {
  const ts = typescript.exec(line);
  if (ts)
    return {
      path: ts[1] ?? '',
      line: Number(ts[2]),
      rule: ts[4],
      message: ts[5] ?? '',
      severity: ts[3] === 'error' ? 'error' : 'warning',
    };
  const java = maven.exec(line);
  if (java)
    return {
      path: java[2] ?? '',
      line: Number(java[3]),
      message: java[4] ?? '',
      severity: java[1] === 'ERROR' ? 'error' : 'warning',
    };
  return undefined;
}

function ofStylish(line: string, file: string | undefined): Complaint | undefined {
  if (file === undefined) return undefined;
  const [, at, word, rest = ''] = stylish.exec(line) ?? [];
  if (at === undefined) return undefined;
  const words = rest.trimEnd();
  const gap = words.lastIndexOf('  ');
  const [message, rule] = gap < 0 ? [words, null] : [words.slice(0, gap), words.slice(gap + 2)];
  return { path: file, line: Number(at), rule, message, severity: word === 'error' ? 'error' : 'warning' };
}

function ofBiome(line: string, lines: readonly string[], index: number): Complaint | undefined {
  const [, file, at, rule] = biome.exec(line) ?? [];
  if (file === undefined) return undefined;
  const words = lines.slice(index + 1, index + 5).find((each) => /^ *[×!✖⚠i] /.test(each)) ?? '';
  const isWarning = /^ *[!⚠i] /.test(words);
  return {
    path: file,
    line: Number(at),
    rule,
    message: words.replace(/^ *\S /, '') || (rule ?? ''),
    severity: isWarning ? 'warning' : 'error',
  };
}
