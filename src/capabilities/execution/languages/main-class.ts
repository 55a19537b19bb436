/**
 * The class that `java` is to start: the one with `main` in the entry, by its place in the package. Told from the text,
 * because the compiler doesn't say: the class named after the file if there is one, else the last before `main`.
 */
export function mainClass(entry: string, source: string): string {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"/g, ' ');
  const packageName = /^\s*package\s+([\w.]+)\s*;/m.exec(code)?.[1];
  const stem = entry.slice(entry.lastIndexOf('/') + 1).replace(/\.java$/, '');
  const classes = [...code.matchAll(/\b(?:class|record|enum|interface)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu)];
  const main = code.search(/\bvoid\s+main\s*\(/);
  const named = classes.some((found) => found[1] === stem);
  const before = classes.findLast((found) => main < 0 || found.index < main);
  const name = named ? stem : (before?.[1] ?? stem);
  return packageName === undefined ? name : `${packageName}.${name}`;
}
