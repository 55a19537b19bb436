import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { GantryError, type Problem } from '../../../base/errors.ts';
import { scriptSchema, type Script } from './script.ts';

const longestFile = 8 * 1024 ** 2;
const mostNamed = 5;

/**
 * A script from the text of a file (YAML or JSON), or from data of the same form: `{turns: [...]}`. INPUT_INVALID names
 * the line, where there is one, and the field of each mistake.
 */
export function readScript(script: unknown): Script {
  if (typeof script !== 'string') return check(script, () => undefined);
  if (script.length > longestFile) throw invalid([{ path: '', message: 'is larger than 8 MiB' }]);
  const lines = new LineCounter();
  const document = parseDocument(script, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.map(({ message, pos }) => ({
        path: `line ${lines.linePos(pos[0]).line}`,
        message,
      })),
    );
  }
  let data: unknown;
  try {
    data = document.toJS();
  } catch (cause) {
    throw invalid([{ path: '', message: `cannot be read (${String(cause)})` }], cause);
  }
  return check(data, (path) => lineOf(document, lines, path));
}

function check(data: unknown, line: (path: readonly PropertyKey[]) => number | undefined): Script {
  const read = scriptSchema.safeParse(data);
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
    { problems, cause },
  );
}
