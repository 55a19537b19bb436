const mostCharacters = 1_000_000;
const least = 2;

/**
 * The latest versions, as many as can be told again with each change: all in any usual session. Each was told in its time,
 * so the history of states has those that are left out.
 */
export function latestWithin<Version>(versions: readonly Version[]): Version[] {
  let size = 0;
  let from = versions.length;
  while (from > 0) {
    size += JSON.stringify(versions[from - 1]).length;
    if (size > mostCharacters && versions.length - from >= least) break;
    from -= 1;
  }
  return versions.slice(from);
}
