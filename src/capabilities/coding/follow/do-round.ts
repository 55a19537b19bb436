import type { WorkspaceState } from '../../../resources/workspace/workspace.ts';
import { commitStep, type Candidate } from '../commit-step.ts';
import { mayPublish } from '../may-publish.ts';
import { pushStep } from '../push-step.ts';
import { fixInstructions } from '../verify/fix-instructions.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyStep } from '../verify-step.ts';
import { answerComments, type Answered, type Work } from './answer-comments.ts';
import {
  settle,
  stand,
  tellFollowUp,
  type BranchStanding,
  type Following,
  type FollowStory,
} from './follow-story.ts';
import type { PullLook } from './look-at-pull.ts';
import { replyStep } from './reply-step.ts';
import { takeOverBranch } from './take-over-branch.ts';

interface Proven {
  readonly answered: Answered;
  readonly candidate: Candidate | null;
  readonly verification: Verification | null;
}

const hourMs = 3_600_000;

/**
 * One round: the agent answers and mends, what it changed is proven as every step is, committed and pushed on top of what
 * is there, and each comment gets its answer. Answers why the follow-up ends, or null when it goes on.
 */
export async function doRound(story: FollowStory, look: PullLook, work: Work): Promise<string | null> {
  const { session, start } = story.following;
  await takeOver(story, look);
  tellFollowUp(story, { doing: work.comments.length > 0 ? 'answering' : 'mending' });
  const proven = await untilProven(story, work);
  if (proven === null) return `Gantry tried ${story.now.attempts} times, and leaves the rest to people.`;
  const { answered, candidate, verification } = proven;
  const { head, from } = story.standing;
  let said = '';
  if (candidate) {
    const allowed = await mayPublish(session, start, candidate.paths);
    if (!allowed.yes) return allowed.notice;
    const sha = candidate.commit.sha;
    const at = from === null ? start : { ...start, state: from };
    const pushed = await pushStep(session, at, {
      head: sha,
      replaces: head,
      name: `follow-up ${story.now.attempts}`,
      mayMove: true,
    });
    // Done again on what they pushed: the next look finds it.
    if (pushed.kind === 'moved') return null;
    if (pushed.kind === 'stopped') return pushed.notice;
    stand(story, { state: answered.state, head: sha, from }, candidate.commit, verification);
    said = `Changed in ${sha.slice(0, 10)}.`;
  }
  for (const [index, comment] of work.comments.entries()) {
    const reply = answered.replies[index] ?? '';
    const text = [reply || (candidate ? '' : 'Looked at; nothing was changed.'), said];
    await replyStep(session, look.pull.number, comment, text.filter((part) => part !== '').join('\n\n'));
  }
  settle(story, work, head);
  return null;
}

/** What others have pushed to the branch is what the next commit stands on. */
async function takeOver(story: FollowStory, look: PullLook): Promise<void> {
  const { session, start } = story.following;
  const { repository } = start.state.base;
  const standing = story.standing;
  if (look.head === standing.head || repository.kind !== 'connected') return;
  const state = await takeOverBranch(session, repository.name, start.branch);
  const { commit } = state.base;
  // The forge may not have heard yet of what was pushed last.
  if (commit === null || commit === standing.head) return;
  story.standing = { state, head: commit, from: state };
}

async function untilProven(story: FollowStory, work: Work): Promise<Proven | null> {
  let next: { readonly state: WorkspaceState; readonly fixes: string | null } = {
    ...{ state: story.standing.state, fixes: null },
  };
  for (;;) {
    const { attempts } = story.now;
    if (attempts >= story.allowed && !(await askForMore(story, work))) return null;
    tellFollowUp(story, { attempts: attempts + 1 });
    const proven = await tryOnce(story.following, story.standing, attempts + 1, { work, ...next });
    const { verification, answered } = proven;
    if (verification === null || verification.passed) return proven;
    next = { state: answered.state, fixes: fixInstructions(verification) };
  }
}

async function tryOnce(
  { session, start, before, spec }: Following,
  { head }: BranchStanding,
  attempt: number,
  {
    work,
    state,
    fixes,
  }: { readonly work: Work; readonly state: WorkspaceState; readonly fixes: string | null },
): Promise<Proven> {
  const answered = await answerComments(session, { attempt, spec, work, state, fixes });
  const name = `f${attempt}`;
  const subject = answered.subject || (work.comments.length > 0 ? 'Answer the review' : 'Mend the checks');
  const message = `fix: ${subject.replace(/\s+/g, ' ')}${answered.summary === '' ? '' : `\n\n${answered.summary}`}`;
  const asked = { name, state: answered.state, message, step: null, parents: [head] };
  const candidate = await commitStep(session, asked);
  if (candidate === null) return { answered, candidate, verification: null };
  const step = { title: subject, description: answered.summary, acceptance: [] };
  const request = { name, spec, step, candidate, state: answered.state };
  return { answered, candidate, verification: await verifyStep(session, start, before, request) };
}

async function askForMore(story: FollowStory, { comments, failed }: Work): Promise<boolean> {
  const { session, followUp, pull } = story.following;
  const { ctx, input } = session;
  if (input.auto === true) return false;
  const given = await ctx.ask(
    'follow-up',
    {
      title: `Go on with pull request #${pull.number}?`,
      text: `Gantry has tried ${story.now.attempts} times since the pull request was opened, and there is more to do. It can try ${followUp.attempts} more times, or leave the rest to people.`,
      items: [
        ...comments.map(({ author, body }) => ({
          title: `Comment of ${author}`,
          detail: body.slice(0, 1000),
        })),
        ...failed.map(({ name, summary }) => ({ title: name, detail: summary })),
      ],
      answers: [
        { value: 'more', label: 'Try again', tone: 'go' },
        { value: 'leave', label: 'Leave it to people', tone: 'refuse' },
      ],
      onExpiry: 'Without an answer, the rest is left to people.',
    },
    { timeoutMs: followUp.hours * hourMs },
  );
  if (given?.value !== 'more') return false;
  story.allowed += followUp.attempts;
  tellFollowUp(story, { of: story.allowed });
  return true;
}
