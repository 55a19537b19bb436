import { GantryError } from '../../../base/errors.ts';
import type { Branch } from '../../../resources/ports/forge.ts';
import { withoutLogin } from '../../../resources/ports/git-words.ts';

export interface Refs {
  /** What HEAD points to by name, where the server tells. */
  readonly symbolic: string | null;
  readonly head: string | null;
  readonly branches: Branch[];
}

const symbolic = /^ref: refs\/heads\/(.+)\tHEAD$/;
const plain = /^([0-9a-f]{40}|[0-9a-f]{64})\t(HEAD|refs\/\S+)$/;

/** Reads what `git ls-remote [--symref]` prints. FORGE_REPLY_INVALID when it is something else. */
export function readRefs(text: string, remote: string): Refs {
  const refs: { symbolic: string | null; head: string | null } = { symbolic: null, head: null };
  const branches: Branch[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const name = symbolic.exec(line)?.[1];
    const [, commit, ref] = plain.exec(line) ?? [];
    if (name !== undefined) refs.symbolic = name;
    else if (commit === undefined || ref === undefined) throw unreadable(remote, line);
    else if (ref === 'HEAD') refs.head = commit;
    else if (ref.startsWith('refs/heads/'))
      branches.push({ name: ref.slice('refs/heads/'.length), commit, isProtected: false });
  }
  return { ...refs, branches };
}

/** The default branch: what HEAD names, else one that is where HEAD is; null when there is no commit on it. */
export function headName({ symbolic, head, branches }: Refs): string | null {
  if (symbolic !== null && branches.some((branch) => branch.name === symbolic)) return symbolic;
  const same = branches.filter((branch) => branch.commit === head);
  return (same.find(({ name }) => name === 'main' || name === 'master') ?? same[0])?.name ?? null;
}

function unreadable(remote: string, line: string): GantryError {
  return new GantryError(
    'FORGE_REPLY_INVALID',
    `${withoutLogin(remote)} lists its branches in a way that can't be read. Check that the address is a git repository.`,
    { cause: new Error(`ls-remote printed ${JSON.stringify(line.slice(0, 200))}`) },
  );
}
