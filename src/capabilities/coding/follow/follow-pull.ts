import { z } from 'zod';
import type { WorkspaceState } from '../../../resources/workspace/workspace.ts';
import type { Built } from '../build.ts';
import type { Building } from '../build-step.ts';
import { phase } from '../phases.ts';
import type { FollowUp, FollowUpState, SessionCommit, SessionPull } from '../schema.ts';
import { tellState } from '../tell-state.ts';
import type { Verification } from '../verify/verification.ts';
import type { Work } from './answer-comments.ts';
import { commentKey, lookAtPull, type PullLook } from './look-at-pull.ts';
import { doRound } from './do-round.ts';

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

const hourMs = 3_600_000;
const firstPauseMs = 60_000;
const longestPauseMs = 600_000;
/* Checks that never end keep nobody from mending those that failed. */
const patienceMs = 1_800_000;

/** What is told to sessions that wait for their forge; they look for themselves. */
export const forgeSignalSchema = z.object({ kind: z.string().max(100) });

/**
 * Stays with the pull request: answers reviewers who may push, and mends what fails on its own last commit, until it is
 * closed or merged, the time is over, or a person says so. It hears of news by the signal `forge`, and looks by itself as
 * well, because not every forge can reach this server.
 */
export async function followPull(
  following: Following,
  built: Pick<Built, 'commits' | 'verification'>,
  standing: BranchStanding,
): Promise<Followed> {
  const { session, followUp, once } = following;
  const { ctx, resources } = session;
  const story = openStory(following, built, standing);
  let pauseMs = firstPauseMs;
  story.tell({ doing: 'watching' });
  for (;;) {
    const answer = await lookAtPull(session, story.request());
    if ('ended' in answer) return story.over(answer.ended);
    const { look } = answer;
    if (look) {
      story.saw(look);
      if (look.pull.state !== 'open') return story.over(null);
      const work = workIn(look, story.headSince(look));
      if (work) {
        const ended = await doRound(following, story, look, work);
        if (ended !== null) return story.over(ended);
        await ctx.step('let go', () => resources.workspaces.release(ctx.run.id));
        pauseMs = firstPauseMs;
        continue;
      }
      if (once && look.checks?.isGoing !== true) return story.over(null);
      if (look.at - story.began() > followUp.hours * hourMs)
        return story.over(`It was looked after for ${followUp.hours} hours.`);
    }
    const heard = await ctx.signal('forge', forgeSignalSchema, { timeoutMs: pauseMs });
    pauseMs = heard ? firstPauseMs : Math.min(longestPauseMs, pauseMs * 1.5);
  }
}

function workIn({ comments, checks, at }: PullLook, since: number): Work | null {
  const isSettled = checks?.isGoing === false || at - since > patienceMs;
  const failed = checks && isSettled ? checks.failed : [];
  return comments.length + failed.length === 0 ? null : { comments, failed };
}

/** What a session that follows knows, all of it from what it has recorded. */
export interface FollowStory {
  readonly standing: () => BranchStanding;
  readonly attempts: () => number;
  readonly allowed: () => number;
  request(): Parameters<typeof lookAtPull>[1];
  saw(look: PullLook): void;
  began(): number;
  /** When its last commit was first seen, in milliseconds since 1970. */
  headSince(look: PullLook): number;
  try(): void;
  allowMore(): void;
  tell(change: Partial<FollowUpState>): void;
  /** What has been done about comments and checks is not done again. */
  done(work: Work, head: string): void;
  moved(standing: BranchStanding): void;
  pushed(standing: BranchStanding, commit: SessionCommit, verification: Verification | null): void;
  over(notice: string | null): Followed;
}

function openStory(
  { session: { ctx }, start, pull: opened, followUp }: Following,
  built: Pick<Built, 'commits' | 'verification'>,
  begun: BranchStanding,
): FollowStory {
  const { comments, checks, attempts: of } = followUp;
  const people = new Map<string, boolean>();
  const handled = new Set<string>();
  const mended: string[] = [];
  let [standing, ownHead, commits, verification] = [begun, begun.head, built.commits, built.verification];
  let pull = opened;
  let [allowed, last, first]: [number, PullLook | null, PullLook | null] = [of, null, null];
  let since = { head: '', at: 0 };
  let strangers: string[] = [];
  let now: FollowUpState = { attempts: 0, of, doing: 'watching', answered: [], notice: null };
  const tell = (change: Partial<FollowUpState>) => {
    now = { ...now, ...change };
    tellState(ctx, 'follow-up', now);
    const message = words[now.doing];
    if (change.doing) ctx.emit({ type: 'progress', data: { phase: phase.followUp, message } });
  };
  const tellBranch = (pushed: string) => {
    const { branch: base, commit } = start.state.base;
    tellState(ctx, 'branch', {
      ...{ name: start.branch, base: base ?? '', baseCommit: commit ?? '', commits: [...commits], pushed },
    });
  };
  return {
    standing: () => standing,
    attempts: () => now.attempts,
    allowed: () => allowed,
    request: () => ({
      ...{
        number: pull.number,
        ownHead,
        wants: { comments, checks },
        mended: [...mended],
        handled,
        people,
        last,
      },
    }),
    saw: (look) => {
      first ??= look;
      last = look;
      for (const [login, mayPush] of look.people) people.set(login, mayPush);
      if (look.head !== since.head) since = { head: look.head, at: look.at };
      if (JSON.stringify(look.pull) !== JSON.stringify(pull)) tellState(ctx, 'pull', look.pull);
      ({ pull } = look);
      const seen = [...new Set([...strangers, ...look.strangers])].slice(0, 20);
      const notice = noticeOf(seen, look);
      if (notice !== now.notice) tell({ notice });
      strangers = seen;
    },
    began: () => first?.at ?? 0,
    headSince: () => since.at,
    try: () => tell({ attempts: now.attempts + 1 }),
    allowMore: () => {
      allowed += of;
      tell({ of: allowed });
    },
    tell,
    done: (work, head) => {
      for (const each of work.comments) handled.add(commentKey(each));
      if (work.failed.length > 0) mended.push(head);
      const answered = work.comments.map(({ body, author, url }) => ({
        comment: body.slice(0, 500),
        author,
        url,
      }));
      tell({ answered: [...now.answered, ...answered].slice(-200) });
    },
    moved: (to) => (standing = to),
    pushed: (to, commit, proven) => {
      [standing, ownHead, commits, verification] = [
        to,
        to.head,
        [...commits, commit],
        proven ?? verification,
      ];
      tellBranch(to.head);
    },
    over: (notice) => {
      tell({ doing: 'over', notice: notice ?? now.notice });
      return { pull, commits, verification, notice };
    },
  };
}

const words = {
  watching: 'Waiting for reviews and checks',
  answering: 'Answering reviewers',
  mending: 'Mending checks',
  over: 'Done',
} as const;

function noticeOf(strangers: readonly string[], { checks }: PullLook): string | null {
  const left =
    strangers.length === 0
      ? []
      : [`Comments of people who may not push were left alone: ${strangers.join(', ').slice(0, 500)}.`];
  const blind = checks?.problem ? [`The checks can't be looked at: ${checks.problem}`] : [];
  return [...left, ...blind].join(' ') || null;
}
