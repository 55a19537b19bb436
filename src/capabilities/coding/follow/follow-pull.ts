import { z } from 'zod';
import type { Built } from '../build.ts';
import type { Work } from './answer-comments.ts';
import { doRound } from './do-round.ts';
import {
  beginStory,
  endStory,
  nextLook,
  see,
  tellFollowUp,
  type BranchStanding,
  type Followed,
  type Following,
} from './follow-story.ts';
import { lookAtPull, type PullLook } from './look-at-pull.ts';

const hourMs = 3_600_000;
const firstPauseMs = 60_000;
const longestPauseMs = 600_000;
/* Checks that never end keep nobody from mending those that failed. */
const patienceMs = 1_800_000;

/** What is told to sessions that wait for their forge; they look for themselves. */
const forgeSignalSchema = z.object({ kind: z.string().max(100) });

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
  const story = beginStory(following, built, standing);
  let pauseMs = firstPauseMs;
  tellFollowUp(story, { doing: 'watching' });
  for (;;) {
    const answer = await lookAtPull(session, nextLook(story));
    if ('ended' in answer) return endStory(story, answer.ended);
    const { look } = answer;
    if (look) {
      see(story, look);
      if (look.pull.state !== 'open') return endStory(story, null);
      const work = workIn(look, story.since.at);
      if (work) {
        const ended = await doRound(story, look, work);
        if (ended !== null) return endStory(story, ended);
        // What waits for days holds nothing of a machine.
        await ctx.step('let go', () => resources.workspaces.release(ctx.run.id));
        pauseMs = firstPauseMs;
        continue;
      }
      if (once && look.checks?.isGoing !== true) return endStory(story, null);
      if (look.at - (story.first ?? look).at > followUp.hours * hourMs)
        return endStory(story, `It was looked after for ${followUp.hours} hours.`);
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
