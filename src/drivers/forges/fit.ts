/* GitHub takes 256 characters in a title and 65,536 in a text, GitLab 255 and a million. */
const longestTitle = 240;
const longestText = 60_000;

/** A title as forges take it: one line, and no longer than they allow. */
export function fitTitle(title: string): string {
  const line = title.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= longestTitle ? line : `${cut(line, longestTitle - 3)}...`;
}

/** A text no longer than forges allow; says so where it was cut. */
export function fitText(text: string): string {
  return text.length <= longestText
    ? text
    : `${cut(text, longestText)}\n\n(Cut here: a comment holds no more.)`;
}

/* Not in the middle of a character. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
