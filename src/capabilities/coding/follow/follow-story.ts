import { phase } from '../phases.ts';
import type { Building } from '../build-step.ts';
import type { Built } from '../build.ts';
import type { FollowUp, FollowUpState, SessionCommit, SessionPull } from '../schema.ts';
import { tellBranch, tellState } from '../tell-state.ts';
import type { Verification } from '../verify/verification.ts';
import type { WorkspaceState } from '../../../resources/workspace/workspace.ts';
import type { Work } from './answer-comments.ts';
import { commentKey, type LookRequest, type PullLook } from './look-at-pull.ts';

/** Where the branch of the pull request stands, as Gantry knows it. */
export interface BranchStanding {
  /** The files as they are at `head`. */
  readonly state: WorkspaceState;
  readonly head: string;
  /** A state whose base is what others have pushed; null while all commits are this run's. */
  readonly from: WorkspaceState | null;
}

export interface Following extends Building {
  readonly pull: SessionPull;
  readonly followUp: FollowUp;
  /** Ends when nothing is left to do, in place of waiting for more. */
  readonly once: boolean;
}

export interface Followed {
  readonly pull: SessionPull;
  readonly commits: readonly SessionCommit[];
  readonly verification: Verification | null;
  /** Why it came to an end, when it is not by itself that the pull request was closed or merged. */
  readonly notice: string | null;
}

/** What a session that follows knows; all of it comes from what it has recorded. */
export interface FollowStory {
  readonly following: Following;
  standing: BranchStanding;
  /** The last commit that this run pushed, or found. */
  ownHead: string;
  commits: readonly SessionCommit[];
  verification: Verification | null;
  pull: SessionPull;
  allowed: number;
  first: PullLook | null;
  last: PullLook | null;
  /** The head, and when it was first seen. */
  since: { readonly head: string; readonly at: number };
  now: FollowUpState;
  strangers: readonly string[];
  readonly people: Map<string, boolean>;
  readonly handled: Set<string>;
  readonly mended: string[];
}

const mostNamed = 20;
const mostAnswered = 200;

export function beginStory(
  following: Following,
  { commits, verification }: Pick<Built, 'commits' | 'verification'>,
  standing: BranchStanding,
): FollowStory {
  const { pull, followUp } = following;
  const of = followUp.attempts;
  return {
    ...{ following, standing, ownHead: standing.head, commits, verification, pull, allowed: of },
    ...{ first: null, last: null, since: { head: '', at: 0 }, strangers: [], mended: [] },
    ...{ people: new Map(), handled: new Set() },
    now: { attempts: 0, of, doing: 'watching', answered: [], notice: null },
  };
}

const words = {
  watching: 'Waiting for reviews and checks',
  answering: 'Answering reviewers',
  mending: 'Mending checks',
  over: 'Done',
} as const;

/** Says what the session does about its pull request. */
export function tellFollowUp(story: FollowStory, change: Partial<FollowUpState>): void {
  const { ctx } = story.following.session;
  story.now = { ...story.now, ...change };
  tellState(ctx, 'follow-up', story.now);
  if (change.doing === undefined) return;
  ctx.emit({ type: 'progress', data: { phase: phase.followUp, message: words[change.doing] } });
}

export function nextLook(story: FollowStory): LookRequest {
  const { ownHead, pull, handled, people, last, mended, following } = story;
  const { comments, checks } = following.followUp;
  return {
    ...{ number: pull.number, ownHead, wants: { comments, checks }, mended: [...mended] },
    ...{ handled, people, last },
  };
}

/** Takes in what a look found. */
export function see(story: FollowStory, look: PullLook): void {
  story.first ??= look;
  story.last = look;
  for (const [login, mayPush] of look.people) story.people.set(login, mayPush);
  if (look.head !== story.since.head) story.since = { head: look.head, at: look.at };
  if (JSON.stringify(look.pull) !== JSON.stringify(story.pull))
    tellState(story.following.session.ctx, 'pull', look.pull);
  story.pull = look.pull;
  story.strangers = [...new Set([...story.strangers, ...look.strangers])].slice(0, mostNamed);
  const notice = noticeOf(story.strangers, look);
  if (notice !== story.now.notice) tellFollowUp(story, { notice });
}

/** What has been done about comments and checks is not done again. */
export function settle(story: FollowStory, { comments, failed }: Work, head: string): void {
  for (const each of comments) story.handled.add(commentKey(each));
  if (failed.length > 0) story.mended.push(head);
  const answered = comments.map(({ body, author, url }) => ({ comment: body.slice(0, 500), author, url }));
  const all = [...story.now.answered, ...answered].slice(-mostAnswered);
  tellFollowUp(story, { answered: all, doing: 'watching' });
}

/** Takes in that a commit of this run is the branch's head at the forge. */
export function stand(
  story: FollowStory,
  standing: BranchStanding,
  commit: SessionCommit,
  verification: Verification | null,
): void {
  story.standing = standing;
  story.ownHead = standing.head;
  story.commits = [...story.commits, commit];
  story.verification = verification ?? story.verification;
  const { start, session } = story.following;
  tellBranch(session.ctx, start, story.commits, standing.head);
}

export function endStory(story: FollowStory, notice: string | null): Followed {
  tellFollowUp(story, { doing: 'over', notice: notice ?? story.now.notice });
  const { pull, commits, verification } = story;
  return { pull, commits, verification, notice };
}

function noticeOf(strangers: readonly string[], { checks }: PullLook): string | null {
  const left =
    strangers.length === 0
      ? []
      : [`Comments of people who may not push were left alone: ${strangers.join(', ').slice(0, 500)}.`];
  const blind = checks?.problem ? [`The checks can't be looked at: ${checks.problem}`] : [];
  return [...left, ...blind].join(' ') || null;
}
