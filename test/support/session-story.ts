import { GantryError } from '../../src/base/errors.ts';
import type { Ask, GivenAnswer } from '../../src/contract/question.ts';
import {
  codingInputSchema,
  codingOutputSchema,
  planSchema,
  type Plan,
  type PlanState,
  type PlanStep,
  type StepState,
} from '../../src/capabilities/coding/schema.ts';
import { defineCapability } from '../../src/kernel/capability.ts';
import type { RunContext } from '../../src/kernel/context.ts';
import type { Artifacts } from '../../src/resources/artifacts.ts';

const sha = 'a'.repeat(40);
export const patch = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n';

const spec = { summary: 'Totals are right', acceptance: [], outOfScope: [], assumptions: [], risks: [] };

export function plannedStep(id: string, more: Partial<PlanStep> = {}): PlanStep {
  return {
    ...{ id, title: `Do ${id}`, description: '', type: 'fix', files: [], dependsOn: [], acceptance: [] },
    size: 'small',
    ...more,
  };
}

const goalAsk: Ask = {
  title: 'Accept the goal?',
  text: spec.summary,
  subject: {
    kind: 'goal',
    value: { status: 'proposed', iterations: [{ iteration: 1, feedback: null, rounds: [], spec }] },
  },
  answers: [
    { value: 'accept', label: 'Accept', tone: 'go' },
    { value: 'refine', label: 'Refine', tone: 'change', comment: 'required' },
    { value: 'reject', label: 'Reject', tone: 'refuse' },
  ],
};

const planAsk: Ask = {
  title: 'Review the plan',
  answers: [
    { value: 'approve', label: 'Approve', tone: 'go', takesData: true },
    { value: 'modify', label: 'Request changes', tone: 'change', comment: 'required', takesData: true },
    { value: 'reject', label: 'Reject', tone: 'refuse' },
  ],
};

/**
 * A session as the API and the command line see one: the phases, states and questions of `coding`, without agents or a
 * workspace. `broken` as the goal fails. With `bundle` it leaves that in place of a pull request.
 */
export function sessionStory(artifacts: () => Artifacts, bundle?: () => Buffer) {
  return defineCapability({
    name: 'coding',
    input: codingInputSchema,
    output: codingOutputSchema,
    title: ({ goal }) => goal.slice(0, 100),
    repository: ({ repository }) => (repository.kind === 'connected' ? repository.name : null),
    run: async (ctx, input) => {
      say(ctx, 'Prepare', ['Goal', 'Plan', 'Build', 'Verify', 'Publish']);
      state(ctx, 'branch', branch(0));
      if (!(await agreed(ctx, input.auto === true))) return output('rejected', []);
      const plan = await planned(ctx, input.auto === true);
      if (!plan) return output('rejected', []);
      const commits: string[] = [];
      for (const [index, step] of plan.steps.entries()) {
        commits.push(await built(ctx, artifacts(), step, index + 1));
        state(ctx, 'branch', branch(index + 1));
      }
      say(ctx, 'Publish');
      if (input.goal === 'broken') throw new GantryError('PUSH_REFUSED', 'The remote said no.');
      if (bundle) {
        const bundleFile = await ctx.step('keep the branch', async ({ owner }) => {
          const [file] = await artifacts().save(owner, oneFile('branch.bundle', bundle()));
          return file?.id ?? null;
        });
        return { ...output('committed', commits), bundleFile };
      }
      const pull = {
        number: 7,
        url: 'https://forge/7',
        title: 'Fix',
        state: 'open',
        isDraft: false,
      } as const;
      if (input.pull !== 'draft') state(ctx, 'pull', pull);
      return { ...output('opened', commits), pull, pullUrl: pull.url };
    },
  });
}

function say(ctx: RunContext, phase: string, coming?: string[]): void {
  ctx.emit({ type: 'progress', data: { phase, ...(coming && { coming }) } });
}

function state(ctx: RunContext, key: string, value: object): void {
  ctx.emit({ type: 'state', data: { key, value: JSON.parse(JSON.stringify(value)) } });
}

function branch(commits: number) {
  const commit = { sha, message: 'fix: it', step: 's1', files: 1, added: 1, removed: 1 };
  return {
    ...{ name: 'gantry/12345678', base: 'main', baseCommit: sha, pushed: null },
    commits: Array.from({ length: commits }, () => commit),
  };
}

async function agreed(ctx: RunContext, auto: boolean): Promise<boolean> {
  say(ctx, 'Goal');
  const iterations: object[] = [];
  for (let feedback: string | null = null; ;) {
    iterations.push({ iteration: iterations.length + 1, feedback, rounds: [], spec });
    state(ctx, 'goal', { status: 'proposed', iterations });
    const given: GivenAnswer | undefined = auto ? undefined : await ctx.ask('goal', goalAsk);
    if (auto || given?.value === 'accept') break;
    if (given?.value === 'reject') return false;
    feedback = given?.comment ?? '';
  }
  state(ctx, 'goal', { status: 'accepted', iterations });
  return true;
}

async function planned(ctx: RunContext, auto: boolean): Promise<Plan | null> {
  say(ctx, 'Plan');
  const steps = [plannedStep('s1'), plannedStep('s2', { dependsOn: ['s1'] })];
  const iterations: PlanState['iterations'] = [{ iteration: 1, by: 'agent', feedback: null, steps }];
  state(ctx, 'plan', { status: 'proposed', iterations });
  const value = JSON.parse(JSON.stringify({ status: 'proposed', iterations }));
  const given = auto ? undefined : await ctx.ask('plan', { ...planAsk, subject: { kind: 'plan', value } });
  if (given?.value === 'reject') return null;
  const plan = given?.data === undefined ? { steps } : planSchema.parse(given.data);
  if (given?.data !== undefined)
    iterations.push({ iteration: 2, by: 'person', feedback: given.comment, steps: plan.steps });
  state(ctx, 'plan', { status: 'approved', iterations });
  return plan;
}

async function built(
  ctx: RunContext,
  artifacts: Artifacts,
  step: PlanStep,
  position: number,
): Promise<string> {
  say(ctx, 'Build');
  const verification = (passed: boolean) => ({ passed, checks: [] });
  const attempts: StepState['attempts'] = [
    { attempt: 1, turns: 2, notice: null, verification: verification(position > 1) },
    ...(position > 1 ? [] : [{ attempt: 2, turns: 1, notice: null, verification: verification(true) }]),
  ];
  const now = { id: step.id, title: step.title, position, attempts };
  state(ctx, `step ${step.id}`, { ...now, status: 'writing', commit: null, diffFile: null });
  const diffFile = await ctx.step(`commit ${step.id}`, async ({ owner }) => {
    const [file] = await artifacts.save(owner, oneFile(`${step.id}.patch`, `${patch}# ${step.id}\n`));
    return file?.id ?? null;
  });
  say(ctx, 'Verify');
  const commit = { sha, message: `fix: ${step.id}`, step: step.id, files: 1, added: 1, removed: 1 };
  state(ctx, `step ${step.id}`, { ...now, status: 'done', commit, diffFile });
  return commit.message;
}

async function* oneFile(name: string, content: string | Buffer) {
  yield { name, content: Buffer.from(content) };
}

function output(outcome: 'opened' | 'rejected' | 'committed', messages: readonly string[]) {
  return {
    ...{ outcome, notice: null, branch: 'gantry/12345678', pullUrl: null, pull: null, verification: null },
    ...{ goal: null, bundleFile: null, commits: messages.map((message) => ({ sha, message })) },
  };
}
