/** What takes a branch out of its downloaded bundle, as it is typed in the repository. */
export function fetchCommand(branch: string): string {
  const file = `${branch.replaceAll('/', '-')}.bundle`;
  return `git fetch ~/Downloads/${quoted(file)} ${quoted(`${branch}:${branch}`)}`;
}

/** As a shell takes it for one word, whatever it holds. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
