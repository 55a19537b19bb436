const maxNameBytes = 1024;
const maxSegmentBytes = 255;
const maxDepth = 20;
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** Names that begin so belong to the compile stage. */
const reserved = '.gantry-';

/** What is wrong with the name of a file in a workspace; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (!name.isWellFormed()) return 'must be valid Unicode';
  if (control.test(name)) return 'must not hold control characters';
  if (name.startsWith('/')) return 'must be relative: it begins with "/"';
  if (name.startsWith('-')) return 'must not begin with "-": a compiler would take it for an option';
  if (name.startsWith(reserved)) return `must not begin with "${reserved}"`;
  if (bytesOf(name) > maxNameBytes) return `must be at most ${maxNameBytes} bytes long`;
  const segments = name.split('/');
  if (segments.length > maxDepth) return `must be at most ${maxDepth} levels deep`;
  for (const segment of segments) {
    if (segment === '') return 'must not hold an empty part: "//", or "/" at its end';
    if (segment === '.' || segment === '..') return `must not hold the part "${segment}"`;
    if (bytesOf(segment) > maxSegmentBytes) return `must have parts of at most ${maxSegmentBytes} bytes`;
  }
  return undefined;
}

/** Names that can't stand beside an earlier one: the same again, or a file where another needs a directory. */
export function clashes(names: readonly string[]): { readonly index: number; readonly message: string }[] {
  const files = new Set<string>();
  const directories = new Set<string>();
  const found: { index: number; message: string }[] = [];
  for (const [index, name] of names.entries()) {
    const parents = parentsOf(name);
    const file = parents.find((parent) => files.has(parent));
    if (files.has(name)) found.push({ index, message: `"${name}" is there twice` });
    else if (directories.has(name))
      found.push({ index, message: `"${name}" is a directory by the name of another file` });
    else if (file !== undefined) found.push({ index, message: `"${file}" is a file and can't hold others` });
    files.add(name);
    for (const parent of parents) directories.add(parent);
  }
  return found;
}

/* Not Buffer: pages check names as well. */
function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function parentsOf(name: string): string[] {
  const segments = name.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
