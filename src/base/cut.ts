/** A text of at most about `most` characters: its beginning and its end, and how much is missing in between. */
export function cutMiddle(text: string, most: number, hint = ''): string {
  if (text.length <= most) return text;
  const head = Math.floor(most * 0.6);
  const tail = most - head;
  const missing = text.length - head - tail;
  const note = `\n[... ${missing} characters left out${hint === '' ? '' : `; ${hint}`} ...]\n`;
  return text.slice(0, head).toWellFormed() + note + text.slice(text.length - tail).toWellFormed();
}

/** The beginning of a text, at most `most` characters with the mark that it was cut. */
export function cutEnd(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
