/** What can be in a line that nobody sees. */
export interface HiddenText {
  readonly rule: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/*
 * Marks that reorder what is shown (CVE-2021-42574, "Trojan Source"), characters without a width, fillers that count as
 * letters, tags, and controls that a terminal acts on.
 */
const overrides = /[\u202a-\u202e\u2066-\u2069]/u;
const invisible = /[\u200b\u2060-\u2064\u180e\u115f\u1160\u3164\uffa0\u{e0000}-\u{e007f}]|(?<!^)\ufeff/u;
const controls = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;
const prose =
  /\.(md|mdx|rst|adoc|txt|po|pot|xlf|arb|strings|html?|csv|srt|vtt)$|(^|\/)(locales?|i18n|lang|translations?|messages)\//i;

/** Names the characters of an added line that make it mean other than it shows. */
export function findHiddenText(path: string, text: string): HiddenText[] {
  const isProse = prose.test(path);
  const found: HiddenText[] = [];
  const hidden = overrides.exec(text)?.[0];
  if (hidden !== undefined)
    found.push({
      rule: 'bidi',
      message: `The line holds ${named(hidden)}, which makes it read other than it runs. Take it out, or write it as an escape.`,
      severity: isProse ? 'warning' : 'error',
    });
  const unseen = invisible.exec(text)?.[0];
  if (unseen !== undefined)
    found.push({
      rule: 'invisible',
      message: `The line holds ${named(unseen)}, which nobody sees. Take it out, or write it as an escape.`,
      severity: isProse ? 'warning' : 'error',
    });
  const control = controls.exec(text)?.[0];
  if (control !== undefined)
    found.push({
      rule: 'control',
      message: `The line holds the control character ${named(control)}. Write it as an escape.`,
      severity: 'warning',
    });
  return found;
}

function named(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
