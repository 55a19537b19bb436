import { isAlias, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { inert } from '../../../base/inert.ts';

/** The line of the node at a path, or of the nearest around it. */
export type YamlPlace = (path: readonly PropertyKey[]) => number | undefined;

export interface ParsedYaml {
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  readonly data: unknown;
  readonly lineOf: YamlPlace;
}

const deepest = 20;
const mostOpen = 200;

/** Reads YAML that anybody may have written. Names that stand for other parts are refused: they can grow without end. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const lineOf: YamlPlace = (path) => lineAt(document, lines, path);
  const nested = depthProblem(text);
  // Its own look for keys that are there twice takes time by the square of their number.
  const document = parseDocument(nested === undefined ? text : '', {
    ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: false },
  });
  if (nested !== undefined) return { problems: [nested], data: undefined, lineOf };
  const found = document.errors.map(({ message, pos }) => ({ message, at: pos[0] }));
  const all = found.length > 0 ? found : oddities(document);
  const problems = all.map(({ message, at }) => ({
    line: lines.linePos(at).line,
    message: inert(message.slice(0, 300)),
  }));
  return { problems, data: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 }), lineOf };
}

/* The parser calls itself for each level. */
function depthProblem(text: string): { line: number; message: string } | undefined {
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    open = Math.max(0, open + count(line, /[[{]/g) - count(line, /[\]}]/g));
    const compact = /^[ \t]*((?:[-?:][ \t]+)*)/.exec(line)?.[0].length ?? 0;
    if (open > mostOpen || compact > mostOpen) return { line: index + 1, message: 'is nested too deeply' };
  }
  return undefined;
}

function count(line: string, pattern: RegExp): number {
  return line.match(pattern)?.length ?? 0;
}

function oddities(document: Document): { message: string; at: number }[] {
  const found: { message: string; at: number }[] = [];
  visit(document, {
    Node: (_, node, path) => {
      const at = node.range?.[0] ?? 0;
      if (isAlias(node) || ('anchor' in node && node.anchor !== undefined))
        found.push({ message: 'anchors and aliases (& and *) are not read here; write it out', at });
      if (path.length > deepest) {
        found.push({ message: 'is nested too deeply', at });
        return visit.BREAK;
      }
      return undefined;
    },
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const at = key.range?.[0] ?? 0;
        if (seen.has(key.value)) found.push({ message: `"${String(key.value)}" stands here twice`, at });
        seen.add(key.value);
      }
    },
  });
  return found;
}

function lineAt(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
