import { z } from 'zod';
import { findingOf, mostFindings, pathOf, type Complaint, type Reader } from './reading.ts';
import { readText } from './text.ts';

/** What comes before data are some words. */
const latestStart = 100_000;

/** Reads JSON of a known form among what else was printed; text where there is none. */
function ofData<Data>(schema: z.ZodType<Data>, complaints: (data: Data) => Complaint[]): Reader {
  return (text, prefix) => {
    for (const candidate of jsonIn(text)) {
      const { data } = schema.safeParse(candidate);
      if (data === undefined) continue;
      const findings = complaints(data)
        .slice(0, mostFindings)
        .map((each) => findingOf({ ...each, path: each.path === null ? null : pathOf(each.path, prefix) }));
      return { findings, isData: true };
    }
    return readText(text, prefix);
  };
}

/** The whole, else what begins and ends like JSON at the beginnings and ends of lines: the longest first. */
function jsonIn(text: string): unknown[] {
  const starts = [...text.slice(0, latestStart).matchAll(/^[[{]/gm)].slice(0, 4).map(({ index }) => index);
  const ends = [...text.matchAll(/[\]}]$/gm)].slice(-3).toReversed();
  const parts = starts.flatMap((start) => ends.map(({ index }) => text.slice(start, index + 1)));
  for (const part of [text, ...parts]) {
    const found = parsed(part);
    if (found.length > 0) return found;
  }
  return [];
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

const row = z.number().nullish().catch(null);
const word = z.string().nullish().catch(null);

export const readRuff = ofData(
  z.array(
    z.object({
      filename: z.string(),
      code: word,
      message: z.string(),
      location: z.object({ row }).nullish(),
    }),
  ),
  (all) =>
    all.map(({ filename, code, message, location }) => ({
      path: filename,
      line: location?.row,
      rule: code,
      message,
    })),
);

export const readEslint = ofData(
  z.array(
    z.object({
      filePath: z.string(),
      messages: z.array(
        z.object({ ruleId: word, message: z.string(), line: row, severity: z.number().catch(2) }),
      ),
    }),
  ),
  (files) =>
    files.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, message, line, severity }) => ({
        ...{ path: filePath, line, rule: ruleId, message },
        severity: severity >= 2 ? ('error' as const) : ('warning' as const),
      })),
    ),
);

export const readSemgrep = ofData(
  z.object({
    results: z.array(
      z.object({
        check_id: z.string(),
        path: z.string(),
        start: z.object({ line: row }).nullish(),
        extra: z.object({ message: z.string().catch(''), severity: word }).nullish(),
      }),
    ),
  }),
  ({ results }) =>
    results.map(({ check_id: rule, path, start, extra }) => ({
      ...{ path, line: start?.line, rule: rule.split('.').at(-1), message: extra?.message ?? rule },
      severity: /^(INFO|WARNING|LOW|MEDIUM)$/.test(extra?.severity ?? '')
        ? ('warning' as const)
        : ('error' as const),
    })),
);

export const readBandit = ofData(
  z.object({
    results: z.array(
      z.object({
        filename: z.string(),
        line_number: row,
        test_id: word,
        issue_text: z.string(),
        issue_severity: word,
      }),
    ),
  }),
  ({ results }) =>
    results.map(({ filename, line_number: line, test_id: rule, issue_text: message, issue_severity }) => ({
      ...{ path: filename, line, rule, message },
      severity: issue_severity === 'LOW' ? ('warning' as const) : ('error' as const),
    })),
);

const mypyLine = z.object({
  file: z.string(),
  line: row,
  code: word,
  message: z.string(),
  severity: z.string().catch('error'),
});

/** One object a line; releases of mypy before 1.11 write text. */
export const readMypy: Reader = (text, prefix) => {
  const rows = text.split('\n').flatMap((line) => (line.startsWith('{') ? parsed(line) : []));
  const read = rows.flatMap((each) => mypyLine.safeParse(each).data ?? []);
  if (read.length === 0) return readText(text, prefix);
  const findings = read
    .filter(({ severity }) => severity !== 'note')
    .slice(0, mostFindings)
    .map(({ file, line, code, message }) =>
      findingOf({ path: pathOf(file, prefix), line, rule: code, message }),
    );
  return { findings, isData: true };
};
