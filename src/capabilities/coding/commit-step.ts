import type { OutputFile } from '../../resources/ports/sandbox.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { WorkspaceBase, WorkspaceState } from '../../resources/workspace/workspace.ts';
import { quietMessage } from './quiet-text.ts';
import { retries } from './retries.ts';
import type { SessionCommit } from './schema.ts';
import type { SessionContext } from './session-context.ts';

/** A commit that is the branch's next when it passes. JSON, recorded. */
export interface Candidate {
  readonly commit: SessionCommit;
  /** What it goes on from; the first is the branch's commit before, with which it is compared. */
  readonly parents: readonly string[];
  readonly paths: readonly string[];
  /** What it changes, for the review; at most `longestDiff`. */
  readonly diff: string;
  readonly isDiffCut: boolean;
  /** The file of the run that holds all of it. */
  readonly diffFile: string | null;
}

export interface CandidateRequest {
  /** Of one commit of the run only: `s1.2`. */
  readonly name: string;
  readonly state: WorkspaceState;
  readonly message: string;
  readonly step: string | null;
  /** The branch's last commit first; two for a merge. */
  readonly parents: readonly string[];
}

/** Whom commits name as their author. */
const commitAuthor = { name: 'Gantry', email: 'gantry@localhost' } as const;

const longestDiff = 120_000;
/** Of a diff that is looked at or kept as a whole, in bytes. */
export const longestPatch = 4 * 1024 ** 2;

/** Makes a commit of the files as they are; null when nothing differs from the branch. Nothing is published by it. */
export function commitStep(session: SessionContext, request: CandidateRequest): Promise<Candidate | null> {
  const { ctx, resources } = session;
  const { workspaces } = resources;
  const { name, state, step: id, parents } = request;
  const message = quietMessage(request.message);
  const make = async (step: StepContext): Promise<Candidate | null> => {
    const workspace = await workspaces.at(step, state, { dependencies: true });
    const at = new Date().toISOString();
    const made = await workspace.commit({ message, author: commitAuthor, at, parents });
    // What is proven next stands in workspaces of its own, and where they are in memory there is not room for many.
    await workspaces.release(ctx.run.id);
    if (made === null) return null;
    const { commit: sha, changes } = made;
    const [from = ''] = parents;
    const diff = await workspaces.compare(step, state.base, { from, to: sha, maxBytes: longestPatch });
    const diffFile = await keepPatch(session, step, `${name}.patch`, diff.text);
    const sum = (side: 'added' | 'removed') => changes.reduce((all, each) => all + (each[side] ?? 0), 0);
    return {
      commit: {
        ...{ sha, message, step: id, files: changes.length },
        ...{ added: sum('added'), removed: sum('removed') },
      },
      parents,
      paths: changes.map(({ path }) => path),
      diff: diff.text.slice(0, longestDiff).toWellFormed(),
      isDiffCut: diff.truncated || diff.text.length > longestDiff,
      diffFile,
    };
  };
  return ctx.step(`commit ${name}`, make, { retry: retries.files });
}

/** Keeps all that the branch changes as `all.patch`, for the pages. */
export async function keepWholeDiff(
  session: SessionContext,
  base: WorkspaceBase,
  head: string,
): Promise<void> {
  const { ctx, resources } = session;
  const from = base.commit ?? '';
  await ctx.step(
    'diff of the branch',
    async (step) => {
      const range = { from, to: head, maxBytes: longestPatch };
      const { text } = await resources.workspaces.compare(step, base, range);
      return keepPatch(session, step, 'all.patch', text);
    },
    { retry: retries.files },
  );
}

async function keepPatch(
  { resources: { artifacts } }: SessionContext,
  step: StepContext,
  name: string,
  text: string,
): Promise<string | null> {
  const [file] = await artifacts.save(step.owner, oneFile(name, Buffer.from(text)));
  return file?.id ?? null;
}

/** A file of the run from bytes that are there. */
export async function* oneFile(name: string, content: Uint8Array): AsyncGenerator<OutputFile> {
  yield { name, content };
}
