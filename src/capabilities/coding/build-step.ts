import type { Ask } from '../../contract/question.ts';
import type { WorkspaceState } from '../../resources/workspace/workspace.ts';
import { askAgent, writingTools } from './agents.ts';
import { commitStep, type Candidate } from './commit-step.ts';
import { defaultRetries } from './default-retries.ts';
import { doneOutput, doneSchema } from './done-tool.ts';
import { openStepProgress, type StepProgress } from './progress.ts';
import type { GoalSpec, Plan, PlanStep } from './schema.ts';
import type { SessionContext, SessionStart } from './session-context.ts';
import { fixInstructions } from './verify/fix-instructions.ts';
import type { Verification } from './verify/verification.ts';
import { verifyStep } from './verify-step.ts';
import { commitMessage, writerSystem, writerTask } from './write-prompt.ts';

/** What the steps of a session share. */
export interface Building {
  readonly session: SessionContext;
  readonly start: SessionStart;
  readonly before: Verification | null;
  readonly spec: GoalSpec;
  readonly plan: Plan;
}

/** Where the branch stands. */
export interface Standing {
  readonly state: WorkspaceState;
  /** The last commit; null before the first. */
  readonly head: string | null;
}

export type StepEnd =
  | {
      readonly kind: 'done';
      readonly state: WorkspaceState;
      readonly candidate: Candidate | null;
      readonly verification: Verification | null;
    }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'stopped'; readonly notice: string };

interface Try {
  readonly attempt: number;
  readonly state: WorkspaceState;
  readonly fixes: string | null;
  readonly advice: string | null;
}

/**
 * One step of the plan: written, proven, written again with what was wrong, so often as the session allows; then a person
 * decides. What it answers as done is a commit that passed, or that a person took as it is.
 */
export async function buildStep(
  building: Building,
  step: PlanStep,
  standing: Standing,
  done: ReadonlySet<string>,
): Promise<StepEnd> {
  const { session, plan } = building;
  const progress = openStepProgress(session, plan, step);
  const retries = session.input.limits?.retries ?? defaultRetries;
  let next: Try = { attempt: 1, state: standing.state, fixes: null, advice: null };
  let allowed = retries;
  for (;;) {
    const written = await write(building, step, standing, next, done, progress);
    const { state, candidate, verification } = written;
    if (candidate === null || verification === null || verification.passed)
      return finish(progress, { kind: 'done', state, candidate, verification });
    const fixes = fixInstructions(verification);
    const attempt = next.attempt + 1;
    if (allowed > 0) {
      const retry = retries - allowed + 1;
      allowed -= 1;
      progress.at('verify', retry > retries ? 'another try' : `retry ${retry} of ${retries}`, true);
      next = { attempt, state, fixes, advice: null };
      continue;
    }
    const decided = await decide(session, progress, verification);
    if (decided.kind === 'retry') next = { attempt, state, fixes, advice: decided.advice };
    else if (decided.kind === 'accept')
      return finish(progress, { kind: 'done', state, candidate, verification });
    else return finish(progress, decided);
  }
}

interface Written {
  readonly state: WorkspaceState;
  readonly candidate: Candidate | null;
  readonly verification: Verification | null;
}

async function write(
  { session, start, before, spec, plan }: Building,
  step: PlanStep,
  { head }: Standing,
  { attempt, state, fixes, advice }: Try,
  done: ReadonlySet<string>,
  progress: StepProgress,
): Promise<Written> {
  const { input } = session;
  const name = `${step.id}.${attempt}`;
  progress.at('build', step.title);
  progress.set({ status: 'writing' });
  const wrote = await askAgent(session, {
    name: `writer ${name}`,
    system: writerSystem,
    task: writerTask(spec, plan, step, { done, fixes, advice }),
    ...(input.material && { material: input.material }),
    tools: await writingTools(session, state),
    output: doneOutput,
    state,
    limits: input.limits,
  });
  const said = doneSchema.safeParse(wrote.output);
  const summary = said.data?.summary ?? wrote.text;
  progress.set({ status: 'verifying' });
  progress.at('verify', step.title);
  const parents = [head ?? start.state.base.commit ?? ''];
  const message = commitMessage(step, summary);
  const candidate = await commitStep(session, { name, state: wrote.state, message, step: step.id, parents });
  const asked = { name, spec, step, state: wrote.state };
  const verification = candidate && (await verifyStep(session, start, before, { ...asked, candidate }));
  const { turns, notice } = wrote;
  progress.set({
    attempts: [...progress.now.attempts, { attempt, turns, notice, verification }],
    diffFile: candidate?.diffFile ?? null,
  });
  return { state: wrote.state, candidate, verification };
}

type Decision =
  | { readonly kind: 'retry'; readonly advice: string | null }
  | { readonly kind: 'accept' }
  | Extract<StepEnd, { kind: 'skipped' | 'stopped' }>;

async function decide(
  { ctx, input }: SessionContext,
  progress: StepProgress,
  verification: Verification,
): Promise<Decision> {
  const failed = verification.checks.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const what = `${progress.place}, "${progress.now.title}", does not pass ${failed.join(', ')} after ${progress.now.attempts.length} tries`;
  if (input.auto === true) return { kind: 'stopped', notice: `${what}.` };
  progress.set({ status: 'waiting' });
  const given = await ctx.ask('step', question(progress, verification, what));
  switch (given?.value) {
    case 'retry':
      return { kind: 'retry', advice: given.comment.trim() === '' ? null : given.comment };
    case 'accept':
      return { kind: 'accept' };
    case 'skip':
      return { kind: 'skipped' };
    default:
      return { kind: 'stopped', notice: `${what}, and was stopped.` };
  }
}

function question({ now }: StepProgress, { checks }: Verification, what: string): Ask {
  return {
    title: `Step ${now.position} does not pass. What now?`,
    text: `${what}. Nothing is lost: the changes are kept, and earlier steps stay committed whatever you choose.`,
    items: checks
      .filter(({ status }) => status === 'failed')
      .map(({ name, summary }) => ({
        title: name,
        detail: summary,
        tag: { text: 'Failed', colour: 'bad' as const },
      })),
    subject: { kind: 'step', value: now },
    answers: [
      { value: 'retry', label: 'Try again', tone: 'go', comment: 'optional' },
      { value: 'accept', label: 'Take it as it is', tone: 'change' },
      { value: 'skip', label: 'Leave the step out', tone: 'change' },
      { value: 'stop', label: 'Stop here', tone: 'refuse' },
    ],
  };
}

function finish<End extends StepEnd>(progress: StepProgress, end: End): End {
  if (end.kind !== 'done') progress.set({ status: end.kind === 'skipped' ? 'skipped' : 'failed' });
  else if (end.candidate === null) progress.set({ status: 'unchanged' });
  else progress.set({ status: 'done', commit: end.candidate.commit });
  return end;
}
