/** Takes secret values out of text, also where a value is spread over several chunks of a stream. */
export interface Redactor {
  redact(text: string): string;
  /** A pass over one stream: what `push` and at last `end` return, joined, is the text without the values. */
  stream(): { push(chunk: string): string; end(): string };
}

const mask = '[redacted]';
const shortestValue = 4;
const shortestForm = 6;

/**
 * Knows each value as it is, line by line (keys in PEM), URL-encoded, JSON-escaped, in hex, and in base64 and base64url
 * wherever it lies in what was encoded. Values under 4 characters are left alone: they would black out ordinary text.
 */
export function redactor(values: Iterable<string>): Redactor {
  const forms = [...new Set([...values].flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  if (forms.length === 0) {
    return { redact: (text) => text, stream: () => ({ push: (chunk) => chunk, end: () => '' }) };
  }
  const pattern = new RegExp(forms.map(escaped).join('|'), 'g');
  const redact = (text: string) => text.replace(pattern, mask);
  return { redact, stream: () => streamOf(forms, pattern, redact) };
}

function streamOf(forms: readonly string[], pattern: RegExp, redact: (text: string) => string) {
  const longest = forms[0]?.length ?? 0;
  let held = '';
  const push = (chunk: string) => {
    const text = held + chunk;
    let out = '';
    let position = 0;
    for (;;) {
      pattern.lastIndex = position;
      const match = pattern.exec(text);
      const open = unfinished(text, Math.max(position, text.length - longest + 1), forms);
      if (open <= (match?.index ?? text.length)) {
        held = text.slice(open);
        return out + text.slice(position, open);
      }
      if (!match) break;
      out += text.slice(position, match.index) + mask;
      position = match.index + match[0].length;
    }
    held = '';
    return out + text.slice(position);
  };
  const end = () => {
    const rest = redact(held);
    held = '';
    return rest;
  };
  return { push, end };
}

/** Where, at or after `from`, the text ends in what may become a value with the next chunk; past its end if nowhere. */
function unfinished(text: string, from: number, forms: readonly string[]): number {
  for (let start = Math.max(0, from); start < text.length; start += 1) {
    const tail = text.slice(start);
    if (forms.some((form) => form.length > tail.length && form.startsWith(tail))) return start;
  }
  return text.length + 1;
}

function escaped(form: string): string {
  return form.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const plain = [value, ...lines].filter((text) => text.length >= shortestValue);
  const encoded = plain.flatMap((text) => [
    encodeURIComponent(text.toWellFormed()),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('hex').toUpperCase(),
    ...base64Cores(text),
  ]);
  return [...plain, ...encoded.filter((form) => form.length >= shortestForm)];
}

/**
 * What base64 makes of `text` inside a longer text, at each of the three offsets: only the characters that depend on
 * nothing before or after it.
 */
function base64Cores(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const core = encoded.slice(first, last);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
