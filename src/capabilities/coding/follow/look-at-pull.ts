import { errorTable, GantryError } from '../../../base/errors.ts';
import type { Forge, ForgeComment, ReviewComment } from '../../../resources/ports/forge.ts';
import { withForge } from '../../../resources/repositories/with-forge.ts';
import { mayWrite } from '../may-write.ts';
import type { SessionPull } from '../schema.ts';
import type { SessionContext } from '../session-context.ts';
import { sessionPull } from '../session-pull.ts';
import { addressed } from '../trigger/read-trigger.ts';
import { failedChecks, type CheckLook } from './look-at-checks.ts';

/** A comment of somebody who may push to the repository, that nobody has answered. Its text is data all the same. */
export interface OpenComment {
  readonly kind: 'review' | 'plain';
  readonly id: string;
  readonly thread: string;
  readonly author: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly body: string;
  readonly url: string | null;
}

/** What a look at the pull request found. JSON, recorded. */
export interface PullLook {
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly updatedAt: number;
  readonly pull: SessionPull;
  readonly head: string;
  readonly comments: readonly OpenComment[];
  /** Comments of people who may not push: left alone. */
  readonly strangers: readonly string[];
  /** Who was asked about, and may push or not. */
  readonly people: readonly (readonly [login: string, mayPush: boolean])[];
  /** False when there was more to read than one look reads. */
  readonly isAll: boolean;
  readonly checks: CheckLook | null;
}

/** Null while the forge can't be asked. `ended` says why it makes no sense to ask again. */
export type LookAnswer = { readonly look: PullLook | null } | { readonly ended: string };

export interface LookRequest {
  readonly number: number;
  /** The last commit that Gantry pushed there. */
  readonly ownHead: string;
  readonly wants: { readonly comments: boolean; readonly checks: boolean };
  /** Commits whose checks were dealt with. */
  readonly mended: readonly string[];
  /** Comments that were dealt with, as `commentKey` names them. */
  readonly handled: ReadonlySet<string>;
  readonly people: ReadonlyMap<string, boolean>;
  readonly last: Pick<PullLook, 'at' | 'updatedAt' | 'isAll'> | null;
}

const mostComments = 20;
const mostKept = 300;
const mostPeople = 30;
const longestBody = 8000;
/* A forge's clock counts in seconds, and is not ours: what came at the time of a look may have been missed by it. */
const settleMs = 60_000;

/** What an answer to a comment is marked with at the forge: so no other run answers it again. */
export function commentKey({ kind, id }: Pick<OpenComment, 'kind' | 'id'>): string {
  return `answer:${kind}:${id}`;
}

/** Looks at the pull request once. An outage of the forge is no reason to give up. */
export function lookAtPull(session: SessionContext, request: LookRequest): Promise<LookAnswer> {
  const { ctx, input, resources } = session;
  const attempts = 3;
  return ctx.step(
    'look at the pull request',
    async (step): Promise<LookAnswer> => {
      try {
        const { repositories, forgeTalk } = resources;
        return await withForge(repositories, input.repository, async (forge) => ({
          look: await look(forge, request, forgeTalk.words),
        }));
      } catch (error) {
        if (!(error instanceof GantryError)) throw error;
        if (errorTable[error.code].outlook !== 'retry') return { ended: error.message };
        if (step.attempt < attempts) throw error;
        return { look: null };
      }
    },
    { retry: { attempts, delayMs: 2000 } },
  );
}

async function look(forge: Forge, request: LookRequest, words: readonly string[]): Promise<PullLook> {
  const { number, ownHead, wants, mended, last } = request;
  const pull = await forge.pull(number);
  const updatedAt = pull.updatedAt.getTime();
  const isKnown = last?.isAll === true && last.updatedAt === updatedAt && last.at - updatedAt > settleMs;
  const isOpen = pull.state === 'open';
  const reads = isOpen && wants.comments && !isKnown;
  const found = reads ? await openComments(forge, request, words) : nothing;
  const isOwn = pull.head.commit === ownHead && !mended.includes(ownHead);
  const checks = isOpen && wants.checks && isOwn ? await failedChecks(forge, pull) : null;
  return { at: Date.now(), updatedAt, pull: sessionPull(pull), head: pull.head.commit, ...found, checks };
}

const nothing = { comments: [], strangers: [], people: [], isAll: true } as const;

async function openComments(
  forge: Forge,
  { number, handled, people: known }: LookRequest,
  words: readonly string[],
): Promise<Pick<PullLook, 'comments' | 'strangers' | 'people' | 'isAll'>> {
  const people = new Map<string, boolean>();
  const strangers = new Set<string>();
  const answered = new Set<string>();
  const kept: OpenComment[] = [];
  let isAll = true;
  async function consider(comment: OpenComment): Promise<void> {
    if (handled.has(commentKey(comment))) return;
    const { author } = comment;
    let mayPush = known.get(author) ?? people.get(author);
    if (mayPush === undefined && people.size < mostPeople) {
      mayPush = await mayWrite(forge, author);
      people.set(author, mayPush);
    }
    if (mayPush === false) strangers.add(author);
    if (mayPush === true && kept.length < mostKept) kept.push(comment);
    else if (mayPush !== false) isAll = false;
  }
  for await (const each of forge.reviewComments(number)) {
    if (each.key !== null) answered.add(each.key);
    else if (!each.isResolved && each.body.trim() !== '') await consider(ofReview(each));
  }
  for await (const each of forge.comments({ on: 'pull', number })) {
    if (each.key !== null) answered.add(each.key);
    else if (addressed(each.body, words) !== null) await consider(ofPlain(each));
  }
  const open = kept.filter((each) => !answered.has(commentKey(each)));
  return {
    comments: open.slice(0, mostComments),
    strangers: [...strangers].slice(0, 20),
    people: [...people],
    isAll: isAll && open.length <= mostComments,
  };
}

function ofReview({ thread, path, line, ...comment }: ReviewComment): OpenComment {
  return { ...ofPlain(comment), kind: 'review', thread, path, line };
}

function ofPlain({ id, author, body, webUrl }: ForgeComment): OpenComment {
  const text = body.slice(0, longestBody).replaceAll('\0', '\u{fffd}').toWellFormed();
  return { kind: 'plain', id, thread: id, author, path: null, line: null, body: text, url: webUrl };
}
