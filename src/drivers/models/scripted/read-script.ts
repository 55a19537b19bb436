import { isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { GantryError, type Problem } from '../../../base/errors.ts';
import { scriptSchema, type Script } from './script.ts';

const longestFile = 8 * 1024 ** 2;
const longestYaml = 128 * 1024;
const mostNamed = 5;
const mostKept = 100;

/**
 * A script from the text of a file (YAML or JSON), or from data of the same form: `{turns: [...]}`. INPUT_INVALID names
 * the line, where there is one, and the field of each mistake.
 */
export function readScript(script: unknown): Script {
  if (typeof script !== 'string') return check(script, () => undefined);
  if (script.length > longestFile) throw invalid([{ path: '', message: 'is larger than 8 MiB' }]);
  const json = parsedJson(script);
  if (json !== undefined) return check(json, () => undefined);
  // A script may be anybody's, and reading it holds up all others in this process.
  if (script.length > longestYaml)
    throw invalid([{ path: '', message: 'is larger than 128 KiB; write it as JSON, which may have 8 MiB' }]);
  const lines = new LineCounter();
  // Its own look for keys that are there twice takes time by the square of their number.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(script, options);
  const problems = document.errors.map(({ message, pos }) => ({ message, at: pos[0] }));
  if (problems.length === 0) problems.push(...keysTwice(document));
  if (problems.length > 0)
    throw invalid(problems.map(({ message, at }) => ({ path: `line ${lines.linePos(at).line}`, message })));
  let data: unknown;
  try {
    data = document.toJS();
  } catch (cause) {
    throw invalid([{ path: '', message: `cannot be read (${String(cause)})` }], cause);
  }
  return check(data, (path) => lineOf(document, lines, path));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keysTwice(document: Document): { message: string; at: number }[] {
  const found: { message: string; at: number }[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push({ message: 'Map keys must be unique', at: key.range?.[0] ?? 0 });
        seen.add(key.value);
      }
    },
  });
  return found;
}

function check(data: unknown, line: (path: readonly PropertyKey[]) => number | undefined): Script {
  const read = safely(data);
  if (read.success) return read.data;
  throw invalid(
    read.error.issues.map(({ path, message }) => {
      const at = line(path);
      const field = path.reduce<string>(
        (before, key) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`),
        '',
      );
      const place = [at === undefined ? '' : `line ${at}`, field.replace(/^\./, '')];
      return { path: place.filter(Boolean).join(', '), message };
    }),
    read.error,
  );
}

function safely(data: unknown): ReturnType<typeof scriptSchema.safeParse> {
  try {
    return scriptSchema.safeParse(data);
  } catch (cause) {
    throw invalid([{ path: '', message: 'is nested too deeply' }], cause);
  }
}

/** The line of the node at `path`, or of the nearest one around it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

function invalid(problems: readonly Problem[], cause?: unknown): GantryError {
  const named = problems.slice(0, mostNamed).map(({ path, message }) => `${path}: ${message}`);
  const more = problems.length > mostNamed ? `; and ${problems.length - mostNamed} more` : '';
  return new GantryError(
    'INPUT_INVALID',
    `The script of the model has mistakes. ${named.join('; ')}${more}. See docs/scripted-models.md.`,
    { problems: problems.slice(0, mostKept), cause },
  );
}
