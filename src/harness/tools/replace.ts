interface Replacement {
  readonly old: string;
  readonly new: string;
  readonly everywhere?: boolean | undefined;
}

type Replaced = { readonly text: string; readonly lines: readonly number[] } | { readonly problem: string };

/** Replaces one after another; the first that can't be made says why, in words that help to find the right text. */
export function replaceAllIn(text: string, replacements: readonly Replacement[]): Replaced {
  const isWindows = text.includes('\r\n') && !/[^\r]\n/.test(text);
  let current = isWindows ? text.replaceAll('\r\n', '\n') : text;
  const lines: number[] = [];
  for (const [index, replacement] of replacements.entries()) {
    const which = replacements.length === 1 ? 'The text' : `Text ${index + 1}`;
    const old = isWindows ? replacement.old.replaceAll('\r\n', '\n') : replacement.old;
    const at = current.indexOf(old);
    if (at < 0) return { problem: `${which} is not in the file. ${nearest(current, old)}` };
    if (!replacement.everywhere) {
      const again = current.indexOf(old, at + 1);
      if (again >= 0) {
        const found = `lines ${lineAt(current, at)} and ${lineAt(current, again)}`;
        return {
          problem: `${which} stands in the file more than once (${found}). Give more of the lines around it.`,
        };
      }
    }
    lines.push(lineAt(current, at));
    current = replacement.everywhere
      ? current.replaceAll(old, () => replacement.new)
      : current.slice(0, at) + replacement.new + current.slice(at + old.length);
  }
  return { text: isWindows ? current.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : current, lines };
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

/** What in the file looks most like it: the same lines with other blanks, or the first line alone. */
function nearest(text: string, old: string): string {
  const wanted = old.split('\n').map(squeezed);
  const lines = text.split('\n');
  const flat = lines.map(squeezed);
  const first = wanted.findIndex((line) => line !== '');
  if (first < 0) return 'It holds nothing but blanks.';
  for (let start = 0; start + wanted.length <= flat.length; start += 1) {
    if (!wanted.every((line, offset) => flat[start + offset] === line)) continue;
    const there = lines.slice(start, start + wanted.length).join('\n');
    return `From line ${start + 1} it stands there with other blanks:\n${there.slice(0, 2000)}\n`;
  }
  const found = flat.flatMap((line, index) => (line === wanted[first] ? [index + 1] : []));
  if (found.length === 0) return 'Its first line is not there either; read the file again.';
  return `Its first line is at line ${found.slice(0, 5).join(', ')}, but what follows differs; read that part again.`;
}

function squeezed(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}
