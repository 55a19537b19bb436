/* As C writes them. */
const escapes: Readonly<Record<string, number>> = {
  ...{ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 },
  ...{ '"': 34, '\\': 92 },
};

/** A name as git quotes it where it has unusual characters: `"na\303\257ve"` is `naïve`; others stay as they are. */
export function unquoteGitName(name: string): string {
  if (!/^".*"$/s.test(name)) return name;
  const bytes = [...name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gsu)].flatMap(
    ([, octal, escaped = '', plain]) => {
      if (octal !== undefined) return [Number.parseInt(octal, 8)];
      const known = escapes[escaped];
      return known === undefined ? [...new TextEncoder().encode(plain ?? escaped)] : [known];
    },
  );
  return new TextDecoder().decode(new Uint8Array(bytes));
}
